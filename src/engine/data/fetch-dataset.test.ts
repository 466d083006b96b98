import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { browserDatasets } from './browser-datasets.ts'
import { officialFiles } from './cifar.fixture.ts'
import { cifarFormats } from './cifar-formats.ts'
import { IMAGE_BYTES } from './dataset.ts'
import { openFetchDataset } from './fetch-dataset.ts'
import { type PreparedDataset, prepareCifar } from './prepare.ts'

const { cifar10 } = cifarFormats
let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function prepared(): Promise<PreparedDataset> {
  const files = officialFiles(cifar10, 5)
  return prepareCifar(cifar10, { train: files.slice(0, 5), test: files[5] }, { partial: true, source: 'fixture' })
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/datasets/`
}

/** Serves a prepared data set; `bytesOf` may answer a range in its own way. */
function serveSet(
  { manifest, files }: PreparedDataset,
  answer: (all: Uint8Array, range: [number, number] | null) => { status: number; body: Uint8Array; contentRange?: string },
) {
  return serve((request, response) => {
    const fileName = request.url?.split('/').pop() as 'manifest.json' | keyof typeof files
    if (fileName === 'manifest.json') return void response.end(JSON.stringify(manifest))
    const match = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')
    const { status, body, contentRange } = answer(files[fileName], match ? [Number(match[1]), Number(match[2]) + 1] : null)
    response.writeHead(status, contentRange ? { 'Content-Range': contentRange } : {}).end(body)
  })
}

it('fetches only the bytes asked for', async () => {
  const set = await prepared()
  const asked: string[] = []
  const url = await serveSet(set, (all, range) => {
    asked.push(range ? `${range[0]}+${range[1] - range[0]}` : 'all')
    if (!range) return { status: 200, body: all }
    return { status: 206, body: all.subarray(...range), contentRange: `bytes ${range[0]}-${range[1] - 1}/${all.length}` }
  })
  const dataset = await openFetchDataset(url, 'cifar10')
  expect(await dataset.trainImages(3, 2)).toEqual(set.files['train.bin'].slice(3 * IMAGE_BYTES, 5 * IMAGE_BYTES))
  expect(asked).toEqual([`${3 * IMAGE_BYTES}+${2 * IMAGE_BYTES}`])
  expect(await dataset.testImages(1)).toEqual(set.files['test.bin'].slice(0, IMAGE_BYTES))
  expect(await dataset.testLabels()).toEqual(set.files['test-labels.bin'])
  expect(new Uint8Array((await dataset.trainRecords()).buffer)).toEqual(set.files['train-records.bin'])
  expect(await dataset.trainImages(0, 0)).toHaveLength(0)
  await expect(dataset.trainImages(24, 2)).rejects.toThrow(/asked for training pictures of CIFAR-10 24 to 26, but there are 25/)
})

it('cuts the stretch out where a server ignores ranges', async () => {
  const set = await prepared()
  const dataset = await openFetchDataset(await serveSet(set, (all) => ({ status: 200, body: all })), 'cifar10')
  expect(await dataset.trainImages(3, 2)).toEqual(set.files['train.bin'].subarray(3 * IMAGE_BYTES, 5 * IMAGE_BYTES))
})

it('notices files of another length', async () => {
  const set = await prepared()
  const short = await openFetchDataset(await serveSet(set, (all) => ({ status: 200, body: all.subarray(1) })), 'cifar10')
  await expect(short.trainImages(0, 1)).rejects.toThrow(/train\.bin: got 76799 bytes, expected 76800/)
  server?.close()
  const other = await openFetchDataset(
    await serveSet(set, (all, range) => ({ status: 206, body: all.subarray(...(range ?? [])), contentRange: 'bytes 0-3071/9' })),
    'cifar10',
  )
  await expect(other.trainImages(0, 1)).rejects.toThrow(/the server sent "bytes 0-3071\/9", expected "bytes 0-3071\/76800"/)
})

it('says what to do when the data set is not there or not whole', async () => {
  const missing = await serve((_request, response) => response.writeHead(404).end())
  await expect(openFetchDataset(missing, 'cifar10')).rejects.toThrow(
    /no data set "cifar10" yet; prepare it with: npm run lab -- datasets cifar10/,
  )
  await expect(browserDatasets(missing)('cifar10')).rejects.toThrow(/no data set "cifar10" yet.*; or drop the official archive on the page/)
  server?.close()
  const broken = await serve((_request, response) => response.end('{"schema":"tabswarm/dataset/1"}'))
  await expect(openFetchDataset(broken, 'cifar10')).rejects.toThrow(/manifest\.json: name: .*prepare the data set again/)
  const address = broken.replace(/:\d+/, ':9')
  await expect(openFetchDataset(address, 'cifar10')).rejects.toThrow(/no answer from the server/)
})
