import { quadraticMethodIds, quadraticMethods } from '../../cluster/quadratic/index.ts'
import { formatCount, formatNumber } from '../format.ts'
import { Card } from '../widgets/Card.tsx'
import { Marker } from '../widgets/Marker.tsx'
import { figureRows } from './sentence.ts'
import { texts } from './texts.ts'
import type { ShownCurve } from './use-curves.ts'

const distance = (value: number | null | undefined) => (value == null ? texts.diverged : formatNumber(value))

/** Every curve in four numbers. */
export function FiguresCard({ shown, busy }: { shown: ShownCurve[]; busy: boolean }) {
  return (
    <Card title={texts.figures} help={texts.figuresHelp} legend={busy && <span className="dim">{texts.computing}</span>}>
      <div className="figures">
        <table aria-busy={busy}>
          <thead>
            <tr>
              {Object.values(texts.columns).map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {figureRows(shown).map(({ method, k, figures }) => (
              <tr key={`${method} ${k}`}>
                <th scope="row">
                  <Marker rank={quadraticMethodIds.indexOf(method)} />
                  {quadraticMethods[method].title}
                </th>
                <td>{k ?? texts.all}</td>
                <td>{distance(figures.distances.at(-1)?.distance)}</td>
                <td>{distance(figures.tailDistance)}</td>
                <td>{figures.firstWithinFifth === null ? texts.never : formatCount(figures.firstWithinFifth)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}
