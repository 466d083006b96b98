import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Download, download } from './download.ts'

const content = randomBytes(300_000)
const sha256 = createHash('sha256').update(content).digest('hex')
let folder: string
let server: Server

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tabswarm-'))
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  await rm(folder, { recursive: true, force: true })
})

async function from(listener: RequestListener): Promise<Download> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz`,
    bytes: content.length,
    sha256,
    file: path.join(folder, 'a.tar.gz'),
  }
}

it('downloads and reports progress', async () => {
  const what = await from((_request, response) => response.end(content))
  const seen: number[] = []
  await download(what, (bytes) => seen.push(bytes))
  expect(await readFile(what.file)).toEqual(content)
  expect(seen.at(-1)).toBe(content.length)
  expect(await readdir(folder)).toEqual(['a.tar.gz'])
})

it('continues one that broke off', async () => {
  let requests = 0
  const what = await from((request, response) => {
    if (requests++ === 0) {
      response.writeHead(200, { 'Content-Length': content.length })
      response.write(content.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50))
      return
    }
    expect(request.headers.range).toBe('bytes=100000-')
    response.writeHead(206).end(content.subarray(100_000))
  })
  await expect(download(what, () => {})).rejects.toThrow(/broke off at byte 100000/)
  expect(await readdir(folder)).toEqual(['a.tar.gz.part'])
  await download(what, () => {})
  expect(await readFile(what.file)).toEqual(content)
})

it('removes what has the wrong checksum', async () => {
  const what = await from((_request, response) => response.end(Buffer.alloc(content.length)))
  await expect(download(what, () => {})).rejects.toThrow(/sha256 of bytes 0 to 300000 is .*expected/)
  expect(await readdir(folder)).toEqual([])
})

it('says when the server is not there or has nothing', async () => {
  const what = await from((_request, response) => response.writeHead(503).end())
  await expect(download(what, () => {})).rejects.toThrow(/HTTP 503/)
  await expect(download({ ...what, url: 'http://127.0.0.1:9/a.tar.gz' }, () => {})).rejects.toThrow(/127\.0\.0\.1:9 cannot be reached/)
})

it('stops when told, keeping what came', async () => {
  const what = await from((_request, response) => void response.write(content.subarray(0, 50_000)))
  const controller = new AbortController()
  await expect(download(what, () => controller.abort(), controller.signal)).rejects.toThrow(/abort/i)
  expect(await readdir(folder)).toEqual(['a.tar.gz.part'])
})

it('leaves a download to the process that is at it', async () => {
  const what = await from((_request, response) => response.end(content))
  await writeFile(`${what.file}.lock`, String(process.ppid))
  await expect(download(what, () => {})).rejects.toThrow(/already downloading/)
  await writeFile(`${what.file}.lock`, '999999999')
  await download(what, () => {})
  expect(await readdir(folder)).toEqual(['a.tar.gz'])
})
