import { useXAxisScale, useYAxisScale } from 'recharts'

export type Point = readonly [x: number, y: number]

/** Where a value is in the chart around, in pixels; null where there is none, or none on this axis. Null before the chart has a size. */
export function usePlace(): ((x: number, value: number | undefined) => Point | null) | null {
  const xScale = useXAxisScale()
  const yScale = useYAxisScale()
  if (!xScale || !yScale) return null
  return (place, value) => {
    if (value === undefined || !Number.isFinite(value)) return null
    const [x, y] = [Number(xScale(place)), Number(yScale(value))]
    return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null
  }
}
