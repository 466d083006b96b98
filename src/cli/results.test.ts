import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationEvent, finishedEvent, stepEvent } from '../cluster/events.fixture.ts'
import { type RunSummary, summarize } from '../cluster/index.ts'
import { type BackendChoice, type MetricEvent, parseRunConfig } from '../engine/index.ts'
import { zeroPayload } from '../p2p/index.ts'
import { makeResultsFolder, ResultsError, resultTable, runName, writeResults } from './results.ts'

const config = parseRunConfig({ workers: 2 })
const backend: BackendChoice = { name: 'wasm', reason: 'as asked', adapter: null, hardware: false, selfTest: null }
const byKind = { ...zeroPayload(), model: 600, momentum: 400 }
const sentBytes = { payload: 1000, framing: 10, control: 1, byKind }
const evaluation = (rank: number, step: number, accuracy: number) =>
  evaluationEvent(rank, step, { accuracy, averagedAccuracy: 0.75, consensusDistance: 0.5 })
const events: MetricEvent[] = [
  stepEvent(0, 1, { payloadBytes: 500, framingBytes: 5, payloadByKind: { ...zeroPayload(), model: 300, momentum: 200 } }),
  evaluation(0, 1, 0.2),
  evaluation(1, 1, 0.3),
  evaluation(0, 2, 0.6),
  evaluation(1, 2, 0.5),
  { type: 'view', rank: 0, step: 2, view: 2, members: 1, message: 'worker 1 is gone' },
  ...[0, 1].map((rank) =>
    finishedEvent(rank, 2, { parameters: 100, serverScalars: { up: 20, down: 30 }, sentBytes, imagesPerSecond: 50, seconds: 3 }),
  ),
]
const summary: RunSummary = summarize('run-id', 'finished', config, [backend, backend], events, true)

describe('the summary', () => {
  it('takes the last common evaluation and adds up bytes and speed', () => {
    expect(summary).toMatchObject({
      schema: 'tabswarm/summary/1',
      status: 'finished',
      steps: 2,
      accuracy: { mean: 0.55, worst: 0.5, averaged: 0.75 },
      consensusDistance: 0.5,
      sentBytes: { payload: 2000, framing: 20, control: 2, byKind: { model: 1200, momentum: 800, tracker: 0, gradient: 0, residual: 0 } },
      // (2 workers x 20 up + 30 down) / ((2 + 1) x 100 parameters x 2 steps)
      relativeCommunicationCost: 70 / 600,
      wallSeconds: 3,
      imagesPerSecond: 100,
      parametersSha256: 'ab'.repeat(32),
    })
  })

  it('says null for what there is none of yet', () => {
    expect(summarize('run-id', 'stopped', config, [undefined], [], false)).toMatchObject({
      steps: 0,
      accuracy: null,
      consensusDistance: null,
      imagesPerSecond: null,
      parametersSha256: null,
    })
  })

  it('of a stopped run counts what was sent up to the last step, kinds and all', () => {
    const { sentBytes } = summarize('run-id', 'stopped', config, [backend], events.slice(0, 1), false)
    expect(sentBytes).toEqual({ payload: 500, framing: 5, control: 0, byKind: { ...zeroPayload(), model: 300, momentum: 200 } })
  })

  it('shows in a table', () => {
    expect(resultTable(summary)).toMatch(/averaged model 75.00 %, workers' mean 55.00 %, worst 50.00 %/)
    expect(resultTable(summary)).toContain('sent 0.00 MB payload (model 60 %, momentum 40 %), 0.00 MB framing, 0.00 MB control')
  })
})

describe('results on disk', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'tabswarm-results-'))
  })
  afterAll(() => rm(root, { recursive: true }))

  it('are config.json, metrics.jsonl with a header, summary.json and what else there is', async () => {
    const folder = await writeResults(root, runName(config, new Date('2026-01-02T03:04:05Z')), summary, events, {
      'dashboard.png': Uint8Array.of(1, 2),
    })
    expect(path.basename(folder)).toBe('2026-01-02T03-04-05-d-sum-ring-2')
    const read = (name: string) => readFile(path.join(folder, name), 'utf8')
    expect(JSON.parse(await read('config.json'))).toEqual(config)
    expect(JSON.parse(await read('summary.json'))).toEqual(summary)
    const lines = (await read('metrics.jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toEqual({ type: 'header', schema: 'tabswarm/metrics/1', run: 'run-id', simulated: true, config })
    expect(lines.slice(1)).toEqual(events)
    expect(parseRunConfig(lines[0].config)).toEqual(config)
    expect([...(await readFile(path.join(folder, 'dashboard.png')))]).toEqual([1, 2])
  })

  it('have a place before the run begins, or an error says why not', async () => {
    await makeResultsFolder(path.join(root, 'a', 'b'))
    expect((await stat(path.join(root, 'a', 'b'))).isDirectory()).toBe(true)
    const file = path.join(root, 'file')
    await writeFile(file, '')
    for (const place of [file, path.join(file, 'results')]) await expect(makeResultsFolder(place)).rejects.toThrow(ResultsError)
  })

  it('are documented, key by key', async () => {
    const page = await readFile(path.resolve(import.meta.dirname, '../../docs/results.md'), 'utf8')
    const keys = new Set(
      [summary, summary.workers[0], summary.accuracy, summary.sentBytes, summary.sentBytes.byKind, ...events].flatMap((part) =>
        Object.keys(part ?? {}),
      ),
    )
    for (const key of keys) expect(page, `${key} is missing in docs/results.md`).toContain(`\`${key}\``)
  })
})
