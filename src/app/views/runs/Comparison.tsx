import './comparison.css'
import { formatBytes, formatPercent } from '../../format.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { differingFields } from '../../runs/difference.ts'
import { figuresOf, type RunFigures, runTitle } from '../../runs/kept-run.ts'
import { useKeptRuns } from '../../runs/kept-runs.ts'
import { byLetter } from '../../runs/looks.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { RunSample } from '../../widgets/RunSample.tsx'

/** The settings in which the run on screen and the compared ones differ, side by side. Nothing without a comparison. */
export function Comparison() {
  const run = useLab((state) => state.run)
  const earlier = useLab((state) => state.earlier)
  const kept = useKeptRuns((state) => state.runs)
  const { metrics } = useLiveMetrics(0)
  const others = earlier.filter(({ id }) => id !== run?.id).sort(byLetter)
  if (others.length + (run ? 1 : 0) < 2) return null
  const columns = [
    ...(run ? [{ id: run.id, config: run.config, look: null, figures: figuresOf(metrics) }] : []),
    ...others.map(({ id, config, look, figures }) => ({ id, config, look, figures })),
  ].map((column) => ({ ...column, name: kept?.find(({ id }) => id === column.id)?.name ?? runTitle(column.config) }))
  const fields = differingFields(columns.map(({ config }) => config))
  const ofAll = (value: (figures: RunFigures) => string) => columns.map(({ id, figures }) => <td key={id}>{value(figures)}</td>)
  return (
    <Card title={texts.keptRuns.comparison} help={texts.keptRuns.comparisonHelp} className="comparison">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section tabIndex={0} aria-label={texts.keptRuns.comparisonTable}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.keptRuns.field}</th>
              {columns.map(({ id, name, look }) => (
                <th scope="col" key={id}>
                  {look ? <RunSample look={look} /> : <span className="tag">{texts.keptRuns.screen}</span>} {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map(({ label, values }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {values.map((value, i) => (
                  <td key={columns[i].id}>{value ?? '–'}</td>
                ))}
              </tr>
            ))}
            {fields.length === 0 && (
              <tr>
                <td colSpan={columns.length + 1}>{texts.keptRuns.same}</td>
              </tr>
            )}
            <tr className="outcome">
              <th scope="row">{texts.keptRuns.averaged}</th>
              {ofAll(({ accuracy }) => (accuracy ? formatPercent(accuracy.averaged) : '–'))}
            </tr>
            <tr>
              <th scope="row">{texts.keptRuns.sent}</th>
              {ofAll(({ sentBytes }) => formatBytes(sentBytes))}
            </tr>
          </tbody>
        </table>
      </section>
    </Card>
  )
}
