import { formatNumber } from '../../format.ts'
import { texts } from '../../texts/index.ts'

/** A line without axes, from its highest value to its lowest; all tiles have their own. */
export function Sparkline({ values, name, color }: { values: number[]; name: string; color: string }) {
  if (values.length < 2) return <span className="sparkline" />
  const high = Math.max(...values)
  const span = Math.max(high - Math.min(...values), 1e-9)
  const points = values.map((value, i) => `${(100 * i) / (values.length - 1)},${1 + (18 * (high - value)) / span}`)
  const label = texts.class.loss(name, formatNumber(values[0]), formatNumber(values[values.length - 1]))
  return (
    <svg className="sparkline" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={points.join(' ')} style={{ stroke: color }} />
    </svg>
  )
}
