import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { JointPredictions } from '../../../engine/index.ts'
import { formatCount, formatPercent } from '../../format.ts'
import { type Cell, Confusion, shareOf } from '../../insight/confusion.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { ConfusionMap } from './ConfusionMap.tsx'
import { ConfusionTable } from './ConfusionTable.tsx'

const { predictions: words } = texts

/** With more classes there is no room for a number in each cell. */
const MOST_NUMBERED = 16
const MISTAKES = 6

interface Props {
  said: JointPredictions
  classes: string[]
  name: string
  /** there is no other model to average */
  alone: boolean
}

/** What the models take the pictures of each class for. */
export function ConfusionCard({ said, classes, name, alone }: Props) {
  const [whose, setWhose] = useState<'worker' | 'averaged'>('worker')
  const counts = whose === 'worker' || alone ? said.confusion : said.averagedConfusion
  const confusion = useMemo(() => new Confusion(counts), [counts])
  const [at, setAt] = useState<[number, number] | null>(null)
  const cell = at && at[0] < confusion.classes && at[1] < confusion.classes ? confusion.at(...at) : null
  const tell = (cell: Cell) => words.cell(formatCount(cell.count), formatCount(cell.total), classes[cell.actual], classes[cell.predicted])
  const mistakes = confusion.worst(MISTAKES)
  const Matrix = confusion.classes > MOST_NUMBERED ? ConfusionMap : ConfusionTable
  return (
    <Card
      title={words.confusion}
      help={words.confusionHelp}
      legend={
        !alone && (
          <SegmentedControl
            size="xs"
            aria-label={words.confusionOf}
            value={whose}
            onChange={setWhose}
            data={[
              { value: 'worker', label: name },
              { value: 'averaged', label: texts.lines.averaged },
            ]}
          />
        )
      }
    >
      <div className="confusion">
        <div>
          <Matrix confusion={confusion} classes={classes} cell={cell} onCell={({ actual, predicted }) => setAt([actual, predicted])} />
          <p className="readout" aria-live="polite">
            {cell ? `${tell(cell)}: ${formatPercent(shareOf(cell))}` : words.cellHint}
          </p>
        </div>
        <div>
          <h3>{words.mistakes}</h3>
          {mistakes.length === 0 ? (
            <p className="dim">{words.noMistakes}</p>
          ) : (
            <ol className="mistakes">
              {mistakes.map((mistake) => (
                <li key={`${mistake.actual} ${mistake.predicted}`}>
                  {classes[mistake.actual]} <span aria-hidden="true">→</span>
                  <span className="visually-hidden">{words.takenFor}</span> {classes[mistake.predicted]}{' '}
                  <span className="dim number">{words.of(formatCount(mistake.count), formatCount(mistake.total))}</span>
                </li>
              ))}
            </ol>
          )}
        </div>
      </div>
    </Card>
  )
}
