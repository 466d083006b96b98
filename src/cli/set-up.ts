import { setUp } from '../../scripts/setup.mjs'

/** Makes ready what a command needs beside the packages; to be called when its flags are known to be right. Throws an Error of the kind `set-up`. */
export async function makeReady(wanted: { chromium?: boolean; build?: boolean }): Promise<void> {
  const { chromium } = await setUp({ ...wanted, packages: false, stream: process.stderr })
  if (chromium) process.env.TABSWARM_CHROMIUM = chromium
}
