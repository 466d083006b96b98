import cliProgress from 'cli-progress'

/** One piece of work whose progress the user sees. */
export interface ProgressLine {
  /** @param detail short, such as `12 of 170 MB` */
  update(stage: string, fraction: number, detail?: string): void
  /** Ends the line, leaving `message` in its place. */
  done(message: string): void
}

const SPARSE_STEP = 0.25

/** One line that redraws itself on a terminal; elsewhere a line at each stage and each quarter of it. */
export function progressLine(title: string, stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  return stream.isTTY ? terminalLine(title, stream) : sparseLines(title, stream)
}

function terminalLine(title: string, stream: NodeJS.WriteStream): ProgressLine {
  const bar = new cliProgress.SingleBar({
    stream,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
    fps: 8,
    format: (options, params, payload: { stage?: string; detail?: string }) =>
      `${title}: ${payload.stage ?? ''} ${cliProgress.Format.BarFormat(params.progress, options)} ${Math.floor(params.progress * 100)} % ${payload.detail ?? ''}`,
  })
  let started = false
  return {
    update(stage, fraction, detail = '') {
      if (!started) bar.start(1, fraction, { stage, detail })
      started = true
      bar.update(fraction, { stage, detail })
    },
    done(message) {
      if (started) bar.stop()
      started = false
      stream.write(`${title}: ${message}\n`)
    },
  }
}

function sparseLines(title: string, stream: NodeJS.WriteStream): ProgressLine {
  let shown = ''
  return {
    update(stage, fraction, detail = '') {
      const quarter = `${stage} ${Math.floor(fraction / SPARSE_STEP)}`
      if (quarter === shown) return
      shown = quarter
      stream.write(`${title}: ${stage}${fraction > 0 ? ` ${Math.floor(fraction * 100)} %` : ''}${detail ? ` (${detail})` : ''}\n`)
    },
    done: (message) => void stream.write(`${title}: ${message}\n`),
  }
}
