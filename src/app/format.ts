// Formatters are kept: making one takes longer than all that a chart writes along its axes.
const integer = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })
const fourDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })

/** 12,345 */
export const formatCount = (value: number) => integer.format(value)

/** A place on an axis: at most four digits. */
export const formatPlace = (value: number) => fourDigits.format(value)

/** Three significant digits without exponent where that is short: 0.0231, 1.23, 45.6, 12,345. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '-∞'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return value.toExponential(2)
  return (size >= 1_000 ? integer : threeDigits).format(value)
}

/** A fraction as percent with one decimal: 53.4 %. */
export const formatPercent = (fraction: number) => `${(fraction * 100).toFixed(1)} %`

/** Decimal units, as on a network: 812 B, 1.2 kB, 34.5 MB, 1.20 GB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${formatCount(bytes)} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${(bytes / 1e9).toFixed(2)} GB`
}

/** 8.4 s, 1 min 05 s, 2 h 03 min */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.floor(seconds)
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(whole / 3_600)} h ${String(Math.floor((whole % 3_600) / 60)).padStart(2, '0')} min`
}

export const formatRate = (imagesPerSecond: number) =>
  `${imagesPerSecond < 10 ? imagesPerSecond.toFixed(1) : formatCount(imagesPerSecond)} images/s`

const dateTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false })

/** 21 Nov, 16:04 in the time of this place */
export const formatDateTime = (atMs: number) => dateTime.format(atMs)

/** Pixels of a drawing, to a hundredth. */
export const roundPixels = (pixels: number): number => Math.round(pixels * 100) / 100
