import type { ChartLine, ChartProps, EarlierLine } from '../charts/chart-props.ts'
import { linePath } from '../charts/line-path.ts'
import { isLettered, isMarked, LETTER_PX, MARK_SCALE, RAW_OPACITY, rawLinesOf } from '../charts/marks.ts'
import { niceTicks } from '../charts/ticks.ts'
import { formatPlace, roundPixels } from '../format.ts'
import { type ChartRow, rawKey } from '../metrics/chart-rows.ts'
import type { RunLook } from '../runs/looks.ts'
import { workerColor, workerMarker } from '../theme.ts'
import { marksPath } from '../widgets/marker-paths.ts'
import { escapeText } from './escape.ts'
import { lightColor } from './light-colors.ts'

/** A chart as a picture of its own: what LineChartCard draws on screen, with its legend, in light colors and without style sheets. */
export type ChartPicture = Pick<
  ChartProps,
  'title' | 'unit' | 'xUnit' | 'rows' | 'lines' | 'format' | 'formatTick' | 'log' | 'fromZero'
> & {
  earlier: EarlierLine[]
}

/** `height` has room for so many lines of legend; more make the picture higher. */
const CHART = { width: 560, height: 320, legendLines: 2 }
const GAP = 16
const COLUMNS = 2

const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
const LETTER = 6.2
const LEGEND_LINE = 15
/** Workers named in a legend; more are told by the names of none. */
const MAX_NAMED = 16
const LONGEST_NAME = 60
const EDGE = 5

/** One chart as a file. */
export function chartSvg(picture: ChartPicture): string {
  const height = heightOf([picture])
  return svgFile(pictureSize(picture), `<g transform="translate(${GAP} ${GAP})">${chart(picture, height)}</g>`)
}

/** All of them in one file, two side by side under a heading. */
export function chartsSvg(heading: string, pictures: readonly ChartPicture[]): string {
  const height = heightOf(pictures)
  const at = (i: number) => `translate(${GAP + (i % COLUMNS) * (CHART.width + GAP)} ${3 * GAP + Math.floor(i / COLUMNS) * (height + GAP)})`
  const charts = pictures.map((picture, i) => `<g transform="${at(i)}">${chart(picture, height)}</g>`)
  return svgFile(sheetSize(pictures), text(GAP, 28, heading, { size: 16, weight: 600 }) + charts.join(''))
}

interface Size {
  width: number
  height: number
}

/** Pixels of a picture of one chart. */
export const pictureSize = (picture: ChartPicture): Size => ({ width: CHART.width + 2 * GAP, height: heightOf([picture]) + 2 * GAP })

/** Pixels of all charts in one picture. */
export const sheetSize = (pictures: readonly ChartPicture[]): Size => ({
  width: GAP + COLUMNS * (CHART.width + GAP),
  height: 3 * GAP + Math.ceil(pictures.length / COLUMNS) * (heightOf(pictures) + GAP),
})

/** Of each chart, so that the longest legend leaves room for its lines. */
const heightOf = (pictures: readonly ChartPicture[]) =>
  CHART.height + Math.max(0, ...pictures.map((picture) => legendOf(picture).height - CHART.legendLines * LEGEND_LINE))

const svgFile = ({ width, height }: Size, content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">` +
  `<rect width="${width}" height="${height}" fill="${lightColor('var(--card)')}"/>${content}</svg>`

function chart(picture: ChartPicture, chartHeight: number): string {
  const { title, unit, xUnit, rows, lines, earlier, format, formatTick = format, log, fromZero } = picture
  const legend = legendOf(picture)
  const top = 34 + legend.height
  const area = { left: 56, top, width: CHART.width - 56 - 14, height: chartHeight - top - 40 }
  const values = [
    ...rows.flatMap((row) => lines.flatMap(({ key }) => [row[key], row[rawKey(key)]])),
    ...earlier.flatMap(({ points }) => points.flatMap(({ y, raw }) => [y, raw])),
  ].filter((value): value is number => value !== undefined && Number.isFinite(value))
  const last = Math.max(0, ...[rows, ...earlier.map(({ points }) => points)].map((line) => line.at(-1)?.x ?? 0)) || 1
  const heading = text(0, 16, title, { size: 14, weight: 600, after: unit })
  if (values.length === 0) return heading + text(CHART.width / 2, chartHeight / 2, '–', { color: 'var(--dim)', anchor: 'middle' })
  const bounds = values.reduce((found, value) => ({ min: Math.min(found.min, value), max: Math.max(found.max, value) }), {
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  })
  const y = niceTicks(bounds, { log: log ?? false, count: fromZero ? 5 : 4, fromZero })
  const x = niceTicks({ min: 0, max: last }, { log: false, count: 5 })
  const scale = log ? Math.log10 : (value: number) => value
  const [low, high] = y.domain.map(scale)
  const place = {
    x: (value: number) => (area.width * value) / last,
    y: (value: number) => area.height * (1 - (scale(value) - low) / (high - low)),
  }
  const grid = y.ticks.map((tick) => {
    const at = area.top + place.y(tick)
    return (
      `<path d="M${area.left} ${roundPixels(at)}h${area.width}" stroke="${lightColor('var(--grid)')}"/>` +
      text(area.left - 6, at + 4, formatTick(tick), { color: 'var(--dim)', anchor: 'end' })
    )
  })
  const bottom = area.top + area.height
  const xTicks = x.ticks
    .filter((tick) => tick <= last)
    .map((tick) => text(area.left + place.x(tick), bottom + 16, formatPlace(tick), { color: 'var(--dim)', anchor: 'middle' }))
  return [
    heading,
    legend.svg,
    ...grid,
    `<path d="M${area.left} ${bottom}h${area.width}" stroke="${lightColor('var(--axis)')}"/>`,
    ...xTicks,
    text(area.left + area.width / 2, bottom + 33, xUnit, { color: 'var(--dim)', anchor: 'middle' }),
    // An inner svg clips what leaves the axes, with room for the width of lines and marks.
    `<svg x="${area.left - EDGE}" y="${area.top - EDGE}" width="${area.width + 2 * EDGE}" height="${area.height + 2 * EDGE}" fill="none">`,
    `<g transform="translate(${EDGE} ${EDGE})">`,
    ...earlier.map((line) => earlierLine(line, place)),
    ...rawLinesOf(lines).map(({ key, color }) => path(pointsOf(rows, rawKey(key), place), color, 1, undefined, RAW_OPACITY)),
    ...lines.map(({ key, color, width, dash, faint }) => path(pointsOf(rows, key, place), color, width, dash, faint ? 0.5 : 1)),
    ...lines.map((line) => marks(rows, line, place)),
    '</g></svg>',
  ].join('')
}

interface Place {
  x(value: number): number
  y(value: number): number
}

/** Null where the line has a gap. */
const pointsOf = (rows: ChartRow[], key: string, place: Place): ([number, number] | null)[] =>
  rows.map((row) => {
    const value = row[key]
    return value === undefined || !Number.isFinite(value) ? null : [place.x(row.x), place.y(value)]
  })

function path(points: (readonly [number, number] | null)[], color: string, width: number, dash?: string, opacity = 1): string {
  const drawn = points.filter((point) => point !== null)
  if (drawn.length === 0) return ''
  if (drawn.length === 1)
    return `<circle cx="${roundPixels(drawn[0][0])}" cy="${roundPixels(drawn[0][1])}" r="3" fill="${lightColor(color)}"/>`
  const style = `${dash ? ` stroke-dasharray="${dash}"` : ''}${opacity < 1 ? ` stroke-opacity="${opacity}"` : ''}`
  return `<path d="${linePath(points)}" stroke="${lightColor(color)}" stroke-width="${width}" stroke-linejoin="round"${style}/>`
}

/** The line of a compared run with its letters, and faint behind it what was measured where it is smoothed. */
function earlierLine({ points, look }: EarlierLine, place: Place): string {
  const at = (x: number, value: number | undefined): [number, number] | null => (value === undefined ? null : [place.x(x), place.y(value)])
  const line = points.map(({ x, y }) => at(x, y))
  const raw = points.map((point) => at(point.x, point.raw))
  const lettered = isLettered(line.length, look)
  const letters = line.flatMap((point, i) => (point && lettered(i) ? letterAt(look, point[0], point[1]) : []))
  const behind = raw.some((point) => point !== null) ? path(raw, look.color, 1, undefined, RAW_OPACITY) : ''
  return behind + path(line, look.color, 1.75, look.dash) + letters.join('')
}

/** In front of a border in the color of the paper, so that it can be read upon its line. */
const letterAt = ({ letter, color }: RunLook, x: number, y: number) =>
  `<text x="${roundPixels(x)}" y="${roundPixels(y + LETTER_PX / 3)}" font-size="${LETTER_PX}" font-weight="700" text-anchor="middle" fill="${lightColor(color)}" ` +
  `stroke="${lightColor('var(--card)')}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${letter}</text>`

/** Now and then along a worker's line, each at other places. */
function marks(rows: ChartRow[], { key, rank }: ChartLine, place: Place): string {
  if (rank === null) return ''
  const marked = isMarked(rows.length, rank)
  return marksAt(
    rank,
    pointsOf(rows, key, place).filter((point, i): point is [number, number] => point !== null && marked(i)),
  )
}

const marksAt = (rank: number, points: [number, number][]): string =>
  points.length === 0
    ? ''
    : `<path d="${marksPath(workerMarker(rank), points, MARK_SCALE)}" transform="scale(${MARK_SCALE})" fill="${lightColor(workerColor(rank))}"/>`

/** Under the title, in as many lines as it takes. */
function legendOf({ rows, lines, earlier }: ChartPicture): { svg: string; height: number } {
  const shown = lines.filter(({ key, rank }) => rows.some((row) => row[key] !== undefined) && (rank === null || rank < MAX_NAMED))
  const entries = [
    ...shown.map(({ name, rank, color, width, dash }) => ({ name, rank, color, width, dash })),
    ...earlier.map(({ name, look: { letter, color, dash } }) => ({ name: `${letter}: ${name}`, rank: null, color, width: 1.75, dash })),
  ].map((entry) => ({ ...entry, name: entry.name.length > LONGEST_NAME ? `${entry.name.slice(0, LONGEST_NAME)}…` : entry.name }))
  let x = 0
  let line = 0
  const drawn = entries.map(({ name, rank, color, width, dash }) => {
    const space = 26 + name.length * LETTER + 12
    if (x > 0 && x + space > CHART.width) {
      x = 0
      line++
    }
    const y = 32 + line * LEGEND_LINE
    const sample =
      rank === null
        ? `<path d="M${x} ${y}h20" fill="none" stroke="${lightColor(color)}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`
        : marksAt(rank, [[x + 10, y]])
    const entry = sample + text(x + 26, y + 4, name, { color: 'var(--dim)' })
    x += space
    return entry
  })
  return { svg: drawn.join(''), height: entries.length === 0 ? 0 : (line + 1) * LEGEND_LINE }
}

interface TextStyle {
  size?: number
  weight?: number
  color?: string
  anchor?: 'start' | 'middle' | 'end'
  /** small, behind it */
  after?: string
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 11, weight = 400, color = 'var(--text)', anchor = 'start', after } = style
  const rest = after ? ` <tspan font-size="11" font-weight="400" fill="${lightColor('var(--dim)')}">${escapeText(after)}</tspan>` : ''
  return (
    `<text x="${roundPixels(x)}" y="${roundPixels(y)}" font-size="${size}" font-weight="${weight}" fill="${lightColor(color)}" text-anchor="${anchor}">` +
    `${escapeText(content)}${rest}</text>`
  )
}
