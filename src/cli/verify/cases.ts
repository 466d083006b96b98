import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ModelCaseFiles } from '../../cluster/index.ts'

/** A reference file on disk, recognized by its format. */
export type CaseFile = { kind: 'trajectory'; file: string; json: unknown } | { kind: 'model'; folder: string }

/** A file that is no reference case. */
export class CaseError extends Error {
  readonly kind = 'reference'
}

/** Reads a trajectory, a model case's manifest, or a model case's folder. @throws CaseError naming the file */
export async function readCase(given: string): Promise<CaseFile> {
  const isFolder = await stat(given).then(
    (entry) => entry.isDirectory(),
    () => {
      throw new CaseError(`${given}: no such file or folder`)
    },
  )
  const file = isFolder ? path.join(given, 'manifest.json') : given
  const json = await readJson(file)
  const format = (json as { format?: unknown } | null)?.format
  if (format === 'reference-case/1') return { kind: 'trajectory', file, json }
  if (format === 'model-case/1') return { kind: 'model', folder: path.dirname(file) }
  throw new CaseError(`${file}: format is ${JSON.stringify(format)}; expected reference-case/1 or model-case/1`)
}

/** All files of a model case. @throws CaseError naming the file that is missing or cut off */
export async function readModelCase(folder: string): Promise<ModelCaseFiles> {
  const [manifest, logits] = await Promise.all(['manifest.json', 'logits.json'].map((name) => readJson(path.join(folder, name))))
  const [weights, grads, images] = await Promise.all(
    ['weights.bin', 'grads.bin', 'images.bin'].map((name) => readFloats(path.join(folder, name))),
  )
  return { manifest, logits, weights, grads, images }
}

async function readJson(file: string): Promise<unknown> {
  const text = await readBytes(file)
  try {
    return JSON.parse(text.toString('utf8'))
  } catch (error) {
    throw new CaseError(`${file}: not JSON (${error instanceof Error ? error.message : error})`)
  }
}

async function readFloats(file: string): Promise<Float32Array> {
  const bytes = await readBytes(file)
  if (bytes.length % 4 !== 0) throw new CaseError(`${file}: ${bytes.length} bytes; float32 values take a multiple of 4`)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

async function readBytes(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new CaseError(`${file}: cannot be read (${error instanceof Error ? error.message : error})`)
  })
}
