import { Menu } from '@mantine/core'
import { metricLines } from '../../../cluster/index.ts'
import { chartDefinitions } from '../../charts/definitions.ts'
import { download, toCsv } from '../../export.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { chartSvg, chartsSvg, pictureSize, sheetSize } from '../../report/chart-svg.ts'
import { picturesOf } from '../../report/pictures.ts'
import { pngOf } from '../../report/png.ts'
import { reportHtml } from '../../report/report.ts'
import { headerOf, type KeptRun } from '../../runs/kept-run.ts'
import { namedRuns } from '../../runs/named-runs.ts'
import { addToLog, useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'

/** A run to be exported, with all its metrics. */
export interface Exportable {
  run: KeptRun
  metrics: MetricsStore
}

/** Items of a menu: the formats in which a run can be had. `load` is asked when one is chosen; its rejection is told to the user. */
export function ExportItems({ load }: { load(): Promise<Exportable> }) {
  const save = async (write: (exported: Exportable, name: string) => void | Promise<void>) => {
    try {
      const exported = await load()
      await write(exported, `tabswarm-${exported.run.id.replace(/[^A-Za-z0-9_-]/g, '-')}`)
    } catch (error) {
      addToLog('error', error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <Menu.Label>{texts.exports.data}</Menu.Label>
      <Menu.Item onClick={() => void save(saveLines)}>{texts.exports.lines}</Menu.Item>
      <Menu.Item onClick={() => void save(saveCsv)}>{texts.exports.csv}</Menu.Item>
      <Menu.Label>{texts.exports.pictures}</Menu.Label>
      <Pictures label={texts.exports.svg} save={(title) => void save((exported, name) => saveSvg(exported, name, title))} />
      <Pictures label={texts.exports.png} save={(title) => void save((exported, name) => savePng(exported, name, title))} />
      <Menu.Label>{texts.exports.report}</Menu.Label>
      <Menu.Item onClick={() => void save(saveReport)}>{texts.exports.html}</Menu.Item>
    </>
  )
}

/** All charts in one picture, or one of them: `save` is given its title, or null for all. */
function Pictures({ label, save }: { label: string; save(title: string | null): void }) {
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item>{label}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        <Menu.Item onClick={() => save(null)}>{texts.exports.all}</Menu.Item>
        {chartDefinitions.map(({ name, look: { title } }) => (
          <Menu.Item key={name} onClick={() => save(title)}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  )
}

function saveLines({ run, metrics }: Exportable, name: string): void {
  download(`${name}.jsonl`, new Blob([metricLines(headerOf(run), metrics.sortedEvents())], { type: 'application/jsonl' }))
}

function saveCsv({ run, metrics }: Exportable, name: string): void {
  download(`${name}.csv`, new Blob([toCsv(headerOf(run), metrics.sortedEvents())], { type: 'text/csv' }))
}

function saveSvg(exported: Exportable, name: string, title: string | null): void {
  const { svg } = drawn(exported, title)
  download(`${name}${suffixOf(title)}.svg`, new Blob([svg], { type: 'image/svg+xml' }))
}

async function savePng(exported: Exportable, name: string, title: string | null): Promise<void> {
  const { svg, size } = drawn(exported, title)
  download(`${name}${suffixOf(title)}.png`, await pngOf(svg, size))
}

function saveReport(exported: Exportable, name: string): void {
  const { run, metrics } = exported
  download(`${name}.html`, new Blob([reportHtml(run, metrics, picturesAsShown(exported))], { type: 'text/html' }))
}

const suffixOf = (title: string | null) => (title === null ? '' : `-${title.toLowerCase().replaceAll(' ', '-')}`)

/** @throws Error when there is nothing to draw */
function drawn(exported: Exportable, title: string | null): { svg: string; size: { width: number; height: number } } {
  const pictures = picturesAsShown(exported)
  const chosen = pictures.find((picture) => picture.title === title)
  if (pictures.length === 0 || (title !== null && !chosen)) throw new Error(texts.exports.empty)
  return chosen
    ? { svg: chartSvg(chosen), size: pictureSize(chosen) }
    : { svg: chartsSvg(exported.run.name, pictures), size: sheetSize(pictures) }
}

/** With the axis and the smoothing of the screen; the lines of other runs belong to the run on screen. */
function picturesAsShown({ run, metrics }: Exportable) {
  const { xAxis: axis, smoothing, earlier, run: onScreen } = useLab.getState()
  return picturesOf(run, metrics, { axis, smoothing, earlier: onScreen?.id === run.id ? namedRuns(earlier, run) : [] })
}
