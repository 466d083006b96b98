import { type Browser, chromium } from 'playwright'
import { chromiumFlags, findChromium } from '../../scripts/chromium.mjs'

/** No Chromium could be started. */
export class ChromiumError extends Error {
  readonly kind = 'chromium'
}

/**
 * Headless Chromium that trains: software WebGPU where there is no GPU, no throttling of hidden tabs.
 * @param options.outlivesSignals Ctrl-C does not close it and end this process: whoever started it does, when it has what it needs
 * @throws ChromiumError
 */
export async function launchChromium({ outlivesSignals = false } = {}): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new ChromiumError('no Chromium or Chrome was found; install one, or set TABSWARM_CHROMIUM to its executable')
  const ends = !outlivesSignals
  return chromium.launch({ executablePath, args: chromiumFlags, handleSIGINT: ends, handleSIGTERM: ends })
}
