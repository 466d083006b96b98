import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { PreparedDataset } from '../../engine/index.ts'

const TEMPORARY = /^\.(?<name>\w+)-preparing-(?<pid>\d+)$/

/**
 * Writes a prepared data set into `root/<name>`: first into a sibling folder, which is renamed when all is there, so that nobody
 * ever sees half of one. The sibling is removed when anything fails or `signal` fires.
 */
export async function storePrepared(root: string, { manifest, files }: PreparedDataset, signal?: AbortSignal): Promise<string> {
  await mkdir(root, { recursive: true })
  await removeAbandoned(root)
  const temporary = path.join(root, `.${manifest.name}-preparing-${process.pid}`)
  const target = path.join(root, manifest.name)
  try {
    await mkdir(temporary, { recursive: true })
    for (const [fileName, bytes] of Object.entries(files)) await writeFile(path.join(temporary, fileName), bytes, { signal })
    await writeFile(path.join(temporary, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { signal })
    signal?.throwIfAborted()
    await rm(target, { recursive: true, force: true })
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
  return target
}

/** Folders of preparers that were killed before they could tidy up. */
async function removeAbandoned(root: string): Promise<void> {
  for (const entry of await readdir(root)) {
    const pid = TEMPORARY.exec(entry)?.groups?.pid
    if (pid && !isAlive(Number(pid))) await rm(path.join(root, entry), { recursive: true, force: true })
  }
}

/** Whether a process with this id runs now (also one of another user). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
