import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { get as httpsGet } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { officialFiles } from '../../engine/data/cifar.fixture.ts'
import { cifarFormats, type DatasetStatuses, openFetchDataset } from '../../engine/index.ts'
import { lanCertificate } from '../lan/index.ts'
import { type LabServer, startServer } from './index.ts'

const { cifar10 } = cifarFormats
let folder: string
let lab: LabServer

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tabswarm-'))
  await mkdir(path.join(folder, 'dist/assets'), { recursive: true })
  await writeFile(path.join(folder, 'dist/index.html'), '<title>lab</title>')
  await writeFile(path.join(folder, 'dist/assets/a-1234.js'), 'let a')
  await mkdir(path.join(folder, 'local/cifar-10-batches-bin-part'), { recursive: true })
  for (const { name, bytes } of officialFiles(cifar10, 20))
    await writeFile(path.join(folder, 'local/cifar-10-batches-bin-part', name), bytes)
  vi.stubEnv('TABSWARM_DATASETS', path.join(folder, 'local'))
  lab = await startServer({ datasets: path.join(folder, 'datasets'), built: path.join(folder, 'dist') })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await lab.close()
  await rm(folder, { recursive: true, force: true })
})

const get = (place: string, headers?: Record<string, string>) => fetch(new URL(place, lab.url), { headers })

describe('pages', () => {
  it('serves the built lab, never a stale page', async () => {
    const page = await get('/')
    expect(await page.text()).toContain('lab')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect((await get('/assets/a-1234.js')).headers.get('cache-control')).toContain('immutable')
    expect((await get('/nothing')).status).toBe(404)
  })
})

describe('data sets', () => {
  it('serves ranges of a prepared data set, and JSON for what is missing', async () => {
    expect((await lab.board.prepare('cifar10')).state).toBe('ready')
    const part = await get('/datasets/cifar10/train.bin', { Range: 'bytes=3072-3075' })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe('bytes 3072-3075/307200')
    expect(part.headers.get('cache-control')).toBe('no-store')
    expect((await part.arrayBuffer()).byteLength).toBe(4)
    const beyond = await get('/datasets/cifar10/train.bin', { Range: 'bytes=999999-' })
    expect(beyond.status).toBe(416)
    const missing = await get('/datasets/cifar100/manifest.json')
    expect(missing.status).toBe(404)
    expect(await missing.json()).toEqual({
      error: '/datasets/cifar100/manifest.json is not there',
      hint: 'GET /api/datasets lists what is',
    })
    expect((await get('/datasets/..%2f..%2fdist/index.html')).status).toBeGreaterThanOrEqual(400)

    const dataset = await openFetchDataset(`${lab.url}datasets`, 'cifar10')
    expect((await dataset.trainImages(10, 3)).length).toBe(3 * 3_072)
  })

  it('tells their state, at once and at each change', async () => {
    const before = (await (await get('/api/datasets')).json()) as DatasetStatuses
    expect(before.shapes10.state).toBe('ready')
    expect(before.cifar10).toMatchObject({ title: 'CIFAR-10', state: 'unavailable', fraction: 0 })
    const events = (await get('/api/datasets/events')).body?.getReader()
    const next = async () => new TextDecoder().decode((await events?.read())?.value)
    expect(await next()).toContain('"unavailable"')
    await lab.board.prepare('cifar10')
    expect(await next()).toMatch(/^data: .*"cifar10":\{"title":"CIFAR-10","state":"ready","fraction":1,.*\n\n$/)
    await events?.cancel()
  })

  it('says why one could not be prepared', async () => {
    await writeFile(path.join(folder, 'local/cifar-10-batches-bin-part/test_batch.bin'), 'short')
    const { state, message } = await lab.board.prepare('cifar10')
    expect(state).toBe('unavailable')
    expect(message).toMatch(/could not be prepared: .*test_batch\.bin: .*the lab goes on with Shapes-10/)
    expect((await (await get('/api/datasets')).json()).cifar10.message).toBe(message)
  })
})

describe('signalling', () => {
  const socketFor = (id: string) => new WebSocket(`${lab.url.replace('http', 'ws')}peer/peerjs?key=peerjs&id=${id}&token=t${id}&version=1`)
  const message = (socket: WebSocket) =>
    new Promise<{ type: string; src?: string }>((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))))

  it('passes messages between tabs on the same port', async () => {
    const [a, b] = [socketFor('a'), socketFor('b')]
    expect((await Promise.all([message(a), message(b)])).map(({ type }) => type)).toEqual(['OPEN', 'OPEN'])
    const arrived = message(b)
    a.send(JSON.stringify({ type: 'OFFER', dst: 'b', payload: {} }))
    expect(await arrived).toMatchObject({ type: 'OFFER', src: 'a' })
    a.close()
    b.close()
  })

  it('gives clients an id, and refuses other sockets', async () => {
    expect(await (await get('/peer/peerjs/id')).text()).toMatch(/^[\w-]{10,}$/)
    const other = new WebSocket(`${lab.url.replace('http', 'ws')}elsewhere`)
    await new Promise((resolve) => other.once('error', resolve))
  })
})

it('takes the next free port, or says that the one asked for is taken', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  await expect(startServer({ port })).rejects.toThrow(`port ${port} is taken; choose another with --port.`)
  const next = await startServer({ port, extraPorts: 20 })
  expect(next.port).toBeGreaterThan(port)
  await next.close()
  taken.close()
})

describe('https beside http', () => {
  /** Answers of the lab at 127.0.0.1 by https, whose certificate must stand for that address. */
  const secureGet = (place: string, port: number, ca: string) =>
    new Promise<string>((resolve, reject) => {
      httpsGet({ host: '127.0.0.1', port, path: place, ca }, async (response) => resolve(await text(response))).on('error', reject)
    })

  it('serves pages and signalling through both on one port, and tells pages its public address and ICE servers', async () => {
    const certificate = await lanCertificate(path.join(folder, 'lan.pem'), ['127.0.0.1'])
    const ice = ['stun:a.example:3478']
    const both = await startServer({ built: path.join(folder, 'dist'), certificate, publicHost: '192.0.2.7', ice })
    try {
      const { port } = both
      expect(both.url).toBe(`https://127.0.0.1:${port}/`)
      const settings = { ice, address: `https://192.0.2.7:${port}/` }
      expect(JSON.parse(await secureGet('/tabswarm.json', port, certificate.cert))).toEqual(settings)
      expect(await (await fetch(`http://127.0.0.1:${port}/tabswarm.json`)).json()).toEqual(settings)
      const query = 'peer/peerjs?key=peerjs&token=t&version=1'
      const [secure, plain] = [
        new WebSocket(`wss://127.0.0.1:${port}/${query}&id=secure`, { ca: certificate.cert }),
        new WebSocket(`ws://127.0.0.1:${port}/${query}&id=plain`),
      ]
      const message = (socket: WebSocket) => new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))))
      await Promise.all([message(secure), message(plain)])
      const arrived = message(secure)
      plain.send(JSON.stringify({ type: 'OFFER', dst: 'secure', payload: {} }))
      expect(await arrived).toMatchObject({ type: 'OFFER', src: 'plain' })
      // A visitor that does not trust the certificate goes; the lab stays.
      await expect(secureGet('/', port, '')).rejects.toThrow()
      expect(await secureGet('/', port, certificate.cert)).toContain('lab')
    } finally {
      await both.close()
    }
  })
})
