import type { EngineRow } from './engine-suite.ts'
import type { KernelResult } from './kernel-suite.ts'

/** One line for each model and engine. */
export function engineTable(rows: EngineRow[]): string {
  const counted = ['JS ms/step', 'submits/step', 'buffers/step', 'GPU MiB', 'grown']
  const head = ['model', 'batch', 'engine', 'images/s', 'the first is', ...counted, 'boot s', 'steps']
  const shown = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits))
  const lines = rows.map((row) => [
    row.model,
    String(row.batch),
    row.engine,
    row.imagesPerSecond.toPrecision(3),
    `${row.firstSpeedup.toPrecision(3)}x`,
    shown(row.jsMsPerStep, 2),
    shown(row.submitsPerStep, 1),
    shown(row.buffersPerStep, 1),
    shown(row.gpuMiB, 1),
    shown(row.gpuMiBGrowth, 1),
    (row.bootMs / 1000).toFixed(1),
    String(row.steps),
  ])
  return tableOf([head, ...lines], 3)
}

/** One line for each kind of dispatch, after one for each model's whole step. */
export function kernelTable({ steps, rows }: KernelResult): string {
  const head = ['model', 'kernel', 'size', 'dispatches', 'ms/step', 'share of time', 'GFLOP/s', 'of peak']
  const percent = (share: number | null) => (share === null ? '-' : `${(share * 100).toFixed(1)} %`)
  const lines = steps.flatMap(({ model, stepMs, gflops, shareOfPeak }) => {
    const own = rows.filter((row) => row.model === model)
    const total = own.reduce((sum, { msPerStep }) => sum + msPerStep, 0)
    const dispatches = own.reduce((sum, row) => sum + row.dispatches, 0)
    return [
      [model, 'whole step', '', String(dispatches), stepMs.toFixed(2), '', gflops.toPrecision(3), percent(shareOfPeak)],
      ...own.map((row) => [
        model,
        row.kernel,
        row.size,
        String(row.dispatches),
        row.msPerStep.toFixed(2),
        percent(row.msPerStep / total),
        row.gflops?.toPrecision(3) ?? '-',
        percent(row.shareOfPeak),
      ]),
    ]
  })
  return tableOf([head, ...lines], 3)
}

/** Columns as wide as they need, the first `left` of them on the left, the others on the right. */
function tableOf(rows: string[][], left: number): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < left ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
