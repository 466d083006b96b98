import { useRef } from 'react'
import { shareOf } from '../../insight/confusion.ts'
import { texts } from '../../texts/index.ts'
import { type MatrixProps, movedCell } from './moved-cell.ts'

const { predictions: words } = texts

/** A confusion matrix with a number in each cell; the darker, the larger its share of the row. Arrow keys go from cell to cell. */
export function ConfusionTable({ confusion, classes, cell, onCell }: MatrixProps) {
  const table = useRef<HTMLTableElement>(null)
  const labels = Array.from({ length: confusion.classes }, (_, label) => label)
  const current = cell ?? confusion.at(0, 0)
  return (
    <table
      ref={table}
      className="confusion-table"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells the arrow keys reach is a grid
      role="grid"
      aria-label={words.matrix}
      onKeyDown={(event) => {
        const next = movedCell(confusion, current, event.key)
        if (!next) return
        event.preventDefault()
        onCell(next)
        table.current?.querySelector<HTMLElement>(`[data-at="${next.actual} ${next.predicted}"]`)?.focus()
      }}
    >
      <thead>
        <tr>
          <th scope="col" className="axes">
            <span className="axis">{words.takenForAxis}</span>
            <span className="axis">{words.actualAxis}</span>
          </th>
          {labels.map((label) => (
            <th scope="col" key={label} title={classes[label]}>
              <span className="column-label">{classes[label]}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((actual) => (
          <tr key={actual}>
            <th scope="row" title={classes[actual]}>
              {classes[actual]}
            </th>
            {labels.map((predicted) => {
              const own = confusion.at(actual, predicted)
              const isCurrent = current.actual === actual && current.predicted === predicted
              const strength = Math.round(100 * Math.sqrt(shareOf(own)))
              return (
                <td
                  key={predicted}
                  // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: as above
                  role="gridcell"
                  tabIndex={isCurrent ? 0 : -1}
                  data-at={`${actual} ${predicted}`}
                  data-right={actual === predicted}
                  style={{
                    background: `color-mix(in oklab, var(--heat) ${strength}%, var(--card))`,
                    color: strength > 55 ? 'var(--on-heat)' : undefined,
                  }}
                  onFocus={() => onCell(own)}
                  onPointerEnter={() => onCell(own)}
                >
                  {own.count === 0 ? <span className="zero">0</span> : own.count}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
