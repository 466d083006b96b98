import type { Tiles } from './tiles.ts'

const FILE = 'tabswarm-conv-tiles.json'

/** The tiles tuned earlier for this adapter, from the browser's private file system; else tunes now. Node tunes in each process. */
export async function rememberedTiles(adapter: string, tune: () => Promise<Tiles>): Promise<Tiles> {
  const known = await readAll()
  if (known[adapter]) return known[adapter]
  const tiles = await tune()
  await writeAll({ ...known, [adapter]: tiles })
  return tiles
}

// A browser may refuse storage (a private window): then there is nothing to remember.
async function readAll(): Promise<Record<string, Tiles>> {
  try {
    const folder = await navigator.storage.getDirectory()
    const file = await (await folder.getFileHandle(FILE)).getFile()
    return JSON.parse(await file.text()) as Record<string, Tiles>
  } catch {
    return {}
  }
}

async function writeAll(tiles: Record<string, Tiles>): Promise<void> {
  try {
    const folder = await navigator.storage.getDirectory()
    const stream = await (await folder.getFileHandle(FILE, { create: true })).createWritable()
    await stream.write(JSON.stringify(tiles))
    await stream.close()
  } catch {}
}
