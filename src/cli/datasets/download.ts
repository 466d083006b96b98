import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../engine/index.ts'
import { isAlive } from './store.ts'

export interface Download {
  url: string
  /** size of the whole file */
  bytes: number
  sha256: string
  /** where it goes; `<file>.part` while under way */
  file: string
}

const STALL_TIMEOUT_MS = 30_000

/**
 * Fetches a file of known size and checksum. What an interrupted download left in `<file>.part` is kept and continued.
 * @param onProgress bytes there so far
 * @throws LabError `dataset` when the server cannot be reached, stalls, or sends something else
 */
export async function download(what: Download, onProgress: (bytes: number) => void, signal?: AbortSignal): Promise<void> {
  await mkdir(path.dirname(what.file), { recursive: true })
  await withLock(`${what.file}.lock`, what.url, async () => {
    const part = `${what.file}.part`
    await fetchInto(part, what, onProgress, signal)
    const sha256 = await sha256OfFile(part, signal)
    if (sha256 !== what.sha256) {
      await rm(part, { force: true })
      throw new LabError(
        'dataset',
        `${what.url}: sha256 of bytes 0 to ${what.bytes} is ${sha256}, expected ${what.sha256}; the download was removed, try again.`,
      )
    }
    await rename(part, what.file)
  })
}

async function fetchInto(part: string, what: Download, onProgress: (bytes: number) => void, signal?: AbortSignal): Promise<void> {
  let have = await sizeOf(part)
  if (have > what.bytes) {
    await rm(part)
    have = 0
  }
  if (have === what.bytes) return
  const stall = new AbortController()
  const either = signal ? AbortSignal.any([signal, stall.signal]) : stall.signal
  let timer = setTimeout(() => stall.abort(), STALL_TIMEOUT_MS)
  let received = have
  try {
    const response = await fetch(what.url, { headers: have ? { Range: `bytes=${have}-` } : {}, signal: either })
    if (response.status !== 200 && response.status !== 206)
      throw new LabError('dataset', `${what.url}: HTTP ${response.status} ${response.statusText}.`)
    if (response.status === 200) received = 0
    const file = await open(part, received === 0 ? 'w' : 'a')
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        clearTimeout(timer)
        timer = setTimeout(() => stall.abort(), STALL_TIMEOUT_MS)
        received += chunk.length
        if (received > what.bytes) throw new LabError('dataset', `${what.url}: sent more than the expected ${what.bytes} bytes.`)
        await file.write(chunk)
        onProgress(received)
      }
    } finally {
      await file.close()
    }
    if (received !== what.bytes)
      throw new LabError('dataset', `${what.url}: broke off at byte ${received} of ${what.bytes}; the next try goes on from there.`)
  } catch (error) {
    if (error instanceof LabError || signal?.aborted) {
      // Too much or the wrong thing cannot be continued.
      if (received > what.bytes) await rm(part, { force: true })
      throw error
    }
    const host = new URL(what.url).host
    const reason = stall.signal.aborted ? `nothing came for ${STALL_TIMEOUT_MS / 1000} s` : causeOf(error)
    throw new LabError(
      'dataset',
      received > 0 ? `the download from ${host} broke off at byte ${received} (${reason})` : `${host} cannot be reached (${reason})`,
      { cause: error },
    )
  } finally {
    clearTimeout(timer)
  }
}

/** One process at a time writes a download: the lock file holds its process id. */
async function withLock(lock: string, url: string, action: () => Promise<void>): Promise<void> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (holder > 0 && isAlive(holder)) throw new LabError('dataset', `process ${holder} is already downloading ${url}; wait for it.`)
    await writeFile(lock, String(process.pid))
  }
  try {
    await action()
  } finally {
    await rm(lock, { force: true })
  }
}

export async function sha256OfFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk)
  return hash.digest('hex')
}

const sizeOf = (file: string) =>
  stat(file).then(
    (info) => info.size,
    () => 0,
  )

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  return cause?.code ?? cause?.message ?? (error as Error).message
}
