import './heat-table.css'
import type { ReactNode } from 'react'

interface Column {
  key: string | number
  header: ReactNode
  /** of each row, 0 to 1: the darker, the more */
  fractions: number[]
  /** what a row's cell says, when there is room for it */
  text(row: number): string
  /** the whole of it */
  title(row: number): string
  /** set apart from the columns before it */
  apart?: boolean
}

interface Props {
  /** for screen readers */
  label: string
  /** heading of the rows */
  rowsAre: string
  rows: string[]
  columns: Column[]
  /** whether there is room for text in the cells */
  numbered: boolean
}

/** Columns with room for a number in each cell. */
export const MAX_NUMBERED = 8

/** A table whose cells are as dark as their values are large. */
export function HeatTable({ label, rowsAre, rows, columns, numbered }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section className="heat" tabIndex={0} aria-label={label}>
      <table data-numbered={numbered}>
        <thead>
          <tr>
            <th scope="col">{rowsAre}</th>
            {columns.map(({ key, header, apart }) => (
              <th scope="col" key={key} data-apart={apart}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((name, row) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {columns.map(({ key, fractions, text, title, apart }) => (
                <td key={key} style={cellStyle(fractions[row])} title={title(row)} data-apart={apart}>
                  {numbered ? text(row) : <span className="visually-hidden">{text(row)}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Share of the heat color by value. */
function cellStyle(fraction: number) {
  const strength = Math.round(100 * Math.sqrt(fraction))
  return {
    background: `color-mix(in oklab, var(--heat) ${strength}%, var(--card))`,
    color: 'var(--on-heat)',
    opacity: fraction === 0 ? 0.55 : undefined,
  }
}
