import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { evaluationEvent, stepEvent } from '../../cluster/events.fixture.ts'
import { metricLines } from '../../cluster/index.ts'
import { type MetricEvent, parseRunConfig } from '../../engine/index.ts'
import { workerLines } from '../charts/definitions.ts'
import { RAW_OPACITY } from '../charts/marks.ts'
import { rawKey } from '../metrics/chart-rows.ts'
import { storeOf } from '../metrics/store.fixture.ts'
import { headerOf, type KeptRun, keptRunOf } from '../runs/kept-run.ts'
import { runLooks } from '../runs/looks.ts'
import { chartSvg, chartsSvg } from './chart-svg.ts'
import { escapeText } from './escape.ts'
import { lightColor, lightColors } from './light-colors.ts'
import { picturesOf } from './pictures.ts'
import { reportHtml } from './report.ts'

const EVIL = `</script><img src=x onerror="alert('1')"> & co`
const events: MetricEvent[] = [1, 2, 3].flatMap((step) => [
  stepEvent(0, step),
  stepEvent(1, step),
  evaluationEvent(0, step),
  evaluationEvent(1, step),
])
const metrics = storeOf(events)
const run: KeptRun = {
  ...keptRunOf(
    {
      id: 'r1',
      config: parseRunConfig({ workers: 2, seed: 7, topology: 'chain' }),
      phase: 'failed',
      seats: [EVIL, 'Bo'].map((name) => ({ id: name, name, lost: false })),
      shards: [
        [30, 1],
        [0, 40],
      ],
      spectralGap: 0.5,
      parameters: 10,
      message: EVIL,
      simulation: null,
    },
    metrics,
    { members: [] },
    0,
  ),
  name: EVIL,
}
const pictures = picturesOf(run, metrics, { axis: 'steps', smoothing: 'strong', earlier: [] })
const html = reportHtml(run, metrics, pictures)

const mean = { key: 'mean', name: 'A', rank: null, color: 'var(--mean)', width: 2 }

it('escapes what others have written, wherever it stands', () => {
  expect(html).not.toContain('<img')
  expect(html).not.toContain('<script')
  expect(html.split(escapeText(EVIL)).length).toBeGreaterThan(4)
  expect(chartsSvg(EVIL, pictures)).not.toContain('<img')
  expect(escapeText('a\u0000<b>"\'&')).toBe('a&lt;b&gt;&quot;&#39;&amp;')
})

it('stands alone: it names no other file, and colors are values', () => {
  for (const text of [html.replaceAll(escapeText(EVIL), ''), chartSvg({ ...pictures[0], lines: [] })]) {
    const own = text.replaceAll('http://www.w3.org/2000/svg', '')
    expect(own.match(/https?:|var\(|url\(|src=|href="(?!data:)/)).toBeNull()
  }
})

it('has every chart, the settings that were changed, the classes, the shards and all metrics', () => {
  for (const { title } of pictures) expect(html).toContain(`>${title}`)
  expect(pictures).toHaveLength(5)
  const changed = html.slice(html.indexOf('What differs'), html.indexOf('Charts</h2>'))
  expect(changed).toContain('<td>chain</td><td class="dim">ring</td>')
  expect(changed).not.toContain('Batch size')
  expect(html).toMatch(/Accuracy by class .*after step 3/)
  expect(html).toContain('Pictures by class and worker')
  const [, encoded] = /base64,([^"]+)"/.exec(html) ?? []
  expect(Buffer.from(encoded, 'base64').toString()).toBe(metricLines(headerOf(run), metrics.sortedEvents()))
})

it('draws a line with its gaps, inside the axes', () => {
  const line = { ...mean, key: 'a' }
  const rows = [1, 2, 3, 4, 5].map((x) => ({ x, step: x, a: x === 3 ? undefined : x }))
  const svg = chartSvg({ title: 'T', xUnit: 'steps', rows, lines: [line], earlier: [], format: String })
  const way = /<path d="([^"]+)" stroke="#1d2129" stroke-width="2"/.exec(svg)?.[1] ?? ''
  expect(way.match(/[ML]/g)?.join('')).toBe('MLML')
  const places = way
    .slice(1)
    .split(/[ML]/)
    .map((point) => point.split(' ').map(Number))
  expect(places[0][0]).toBeLessThan(places[3][0])
  expect(places[0][1]).toBeGreaterThan(places[3][1])
})

it('names each of six compared runs by a letter, on its line and in the legend', () => {
  const earlier = runLooks.map((look, i) => ({
    id: `${i}`,
    name: `Run ${i}`,
    look,
    points: [1, 2, 3].map((x) => ({ x, y: i + x, raw: i })),
  }))
  const svg = chartSvg({ title: 'T', xUnit: 'steps', rows: [], lines: [], earlier, format: String })
  for (const { name, look } of earlier) {
    expect(svg).toContain(`>${look.letter}: ${name}</text>`)
    expect(svg.split(`>${look.letter}</text>`).length - 1).toBe(3)
    expect(svg.split(`stroke="${lightColor(look.color)}" stroke-width="1" stroke-linejoin="round" stroke-opacity`).length - 1).toBe(1)
  }
})

it('has the colors of the style sheet', async () => {
  const styles = await readFile(new URL('../styles.css', import.meta.url), 'utf8')
  for (const [name, color] of Object.entries(lightColors)) expect(styles).toContain(`${name}: ${color};`)
  expect(lightColor('var(--worker-8)')).toBe('#00446b')
  expect(() => lightColor('var(--nothing)')).toThrow('got the color var(--nothing)')
})

it('draws what was measured behind a smoothed line: of many workers only behind those over all of them', () => {
  const rawPaths = (workers: number) => {
    const lines = [...workerLines(Array.from({ length: workers }, (_, rank) => `W${rank}`)), { ...mean, key: 'mean' }]
    const rows = [1, 2].map((x) => ({
      x,
      step: x,
      ...Object.fromEntries(
        lines.flatMap(({ key }) => [
          [key, x],
          [rawKey(key), 2 * x],
        ]),
      ),
    }))
    return (
      chartSvg({ title: 'T', xUnit: 'steps', rows, lines, earlier: [], format: String }).split(`stroke-opacity="${RAW_OPACITY}"`).length - 1
    )
  }
  expect([1, 8, 9, 32].map(rawPaths)).toEqual([2, 9, 1, 1])
})
