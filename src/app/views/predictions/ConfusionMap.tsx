import type { PointerEvent } from 'react'
import { shareOf } from '../../insight/confusion.ts'
import { texts } from '../../texts/index.ts'
import { type MatrixProps, movedCell } from './moved-cell.ts'

const { predictions: words } = texts

/** Shades of a cell. */
const SHADES = 10

/** A confusion matrix of many classes: cells without numbers, and only those with pictures drawn. Arrow keys and the pointer go from cell to cell. */
export function ConfusionMap({ confusion, cell, onCell }: MatrixProps) {
  const { classes: side } = confusion
  const point = ({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>) => {
    const box = currentTarget.getBoundingClientRect()
    const at = (place: number, length: number) => Math.min(side - 1, Math.max(0, Math.floor((place / length) * side)))
    onCell(confusion.at(at(clientY - box.top, box.height), at(clientX - box.left, box.width)))
  }
  return (
    <>
      <p className="dim axes">{words.mapAxes}</p>
      <svg
        className="confusion-map"
        viewBox={`0 0 ${side} ${side}`}
        shapeRendering="crispEdges"
        role="application"
        aria-label={words.matrix}
        aria-roledescription={words.map}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go from cell to cell
        tabIndex={0}
        onPointerMove={point}
        onPointerDown={point}
        onKeyDown={(event) => {
          const next = movedCell(confusion, cell, event.key)
          if (!next) return
          event.preventDefault()
          onCell(next)
        }}
      >
        <path className="diagonal" d={`M0 0L${side} ${side}`} />
        {shadesOf(confusion).map(({ shade, path }) => (
          <path key={shade} d={path} fill="var(--heat)" fillOpacity={shade / SHADES} />
        ))}
        {cell && <rect className="cursor" x={cell.predicted - 0.5} y={cell.actual - 0.5} width={2} height={2} />}
      </svg>
    </>
  )
}

/** The cells of each shade, as one path. */
function shadesOf(confusion: MatrixProps['confusion']): { shade: number; path: string }[] {
  const paths = Array.from({ length: SHADES }, () => '')
  for (let actual = 0; actual < confusion.classes; actual++)
    for (let predicted = 0; predicted < confusion.classes; predicted++) {
      const share = shareOf(confusion.at(actual, predicted))
      if (share > 0) paths[Math.ceil(Math.sqrt(share) * SHADES) - 1] += `M${predicted} ${actual}h1v1h-1z`
    }
  return paths.flatMap((path, i) => (path === '' ? [] : [{ shade: i + 1, path }]))
}
