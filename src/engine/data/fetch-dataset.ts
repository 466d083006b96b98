import { LabError } from '../errors.ts'
import type { Dataset } from './dataset.ts'
import { parseManifest, preparedFileBytes } from './manifest.ts'
import { preparedDataset } from './prepared-dataset.ts'

/**
 * Opens a prepared data set over HTTP; pictures come by range requests, so only the bytes of a shard travel.
 * @param datasetsUrl folder of data sets, absolute, with or without a slash at the end
 * @throws LabError `dataset` when it is not there or not whole
 */
export async function openFetchDataset(datasetsUrl: string, name: string): Promise<Dataset> {
  const base = `${datasetsUrl.replace(/\/+$/, '')}/${name}`
  const place = `${base}/manifest.json`
  const response = await request(place)
  if (response.status === 404) {
    await response.body?.cancel()
    throw new LabError('dataset', `the server has no data set "${name}" yet; prepare it with: npm run lab -- datasets ${name}`)
  }
  if (!response.ok) throw new LabError('dataset', `${place}: HTTP ${response.status} ${response.statusText}`)
  const manifest = parseManifest(await response.text(), place, name)
  const sizes = preparedFileBytes(manifest)
  return preparedDataset(manifest, (file, start, count) => fetchStretch(`${base}/${file}`, start, count, sizes[file]))
}

async function fetchStretch(url: string, start: number, count: number, fileBytes: number): Promise<Uint8Array> {
  if (count === 0) return new Uint8Array(0)
  const whole = start === 0 && count === fileBytes
  const response = await request(url, whole ? undefined : { Range: `bytes=${start}-${start + count - 1}` })
  if (response.status === 206) {
    checkContentRange(url, response.headers.get('Content-Range'), start, count, fileBytes)
    return exactly(url, await bodyOf(url, response), count)
  }
  // A server that ignores Range sends the whole file.
  if (response.status === 200) return exactly(url, await bodyOf(url, response), fileBytes).subarray(start, start + count)
  await response.body?.cancel()
  throw new LabError(
    'dataset',
    `${url}: HTTP ${response.status} ${response.statusText} for bytes ${start} to ${start + count - 1}; prepare the data set again.`,
  )
}

function checkContentRange(url: string, header: string | null, start: number, count: number, fileBytes: number): void {
  const expected = `bytes ${start}-${start + count - 1}/${fileBytes}`
  if (header !== expected && header !== null)
    throw new LabError('dataset', `${url}: the server sent "${header}", expected "${expected}"; prepare the data set again.`)
}

function exactly(url: string, bytes: Uint8Array, expected: number): Uint8Array {
  if (bytes.length === expected) return bytes
  throw new LabError('dataset', `${url}: got ${bytes.length} bytes, expected ${expected}; prepare the data set again.`)
}

/** `no-store` because the browser's cache would let one tab at a time read a file. */
async function request(url: string, headers?: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers, cache: 'no-store' })
  } catch (error) {
    throw new LabError('dataset', `${url}: no answer from the server; is it still running?`, { cause: error })
  }
}

async function bodyOf(url: string, response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer())
  } catch (error) {
    throw new LabError('dataset', `${url}: the connection broke while the data came; try again.`, { cause: error })
  }
}
