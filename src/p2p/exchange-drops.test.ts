import { describe, expect, test } from 'vitest'
import type { RoundArray } from '../engine/index.ts'
import { encodeFrame, type FrameArray, type RoundFrame, runHash, type SettleFrame } from './frame.ts'
import { directedRingMatrix, flush, model, RUN, ringMatrix, swarm, values } from './swarm.fixture.ts'

type HandWritten = Partial<Omit<RoundFrame, 'arrays'>> & { arrays?: RoundArray[] }

function framed(frame: HandWritten | Partial<SettleFrame>): FrameArray[] {
  const arrays = ('arrays' in frame && frame.arrays) || model(1, 2)
  return arrays.map(({ kind, values }) => ({ kind, message: { kind: 'dense', size: values.length, values } }))
}

/** One worker next to a peer whose frames the test writes by hand. */
function alone(mixing = ringMatrix) {
  const { net, exchanges, without } = swarm(3, { mixing })
  const [exchange] = exchanges
  const base = { type: 'round', run: runHash(RUN), view: 1, round: 0, phase: 0, operation: 'average' } as const
  const receive = async (from: number | 'stranger', frame: HandWritten | Partial<SettleFrame> | ArrayBuffer) => {
    const message = frame instanceof ArrayBuffer ? frame : encodeFrame({ ...base, ...frame, arrays: framed(frame) } as RoundFrame)
    net.transport(from === 'stranger' ? from : `peer-${from}`).send('peer-0', message)
    await flush()
  }
  return { exchange, receive, without }
}

describe('frames that do not belong', () => {
  test('are dropped and counted by reason', async () => {
    const { exchange, receive } = alone()
    await receive(1, new ArrayBuffer(50))
    const flipped = encodeFrame({ type: 'settle', run: runHash(RUN), view: 1, step: 1 })
    new Uint8Array(flipped)[17] ^= 1
    await receive(1, flipped)
    await receive(1, { run: 5 })
    await receive(1, { view: 0 })
    await receive('stranger', {})
    await receive(1, {})
    await receive(1, {})
    await receive(1, { type: 'settle', step: 1 })
    expect(exchange.dropped).toEqual({ corrupt: 2, 'other-run': 1, 'old-view': 1, 'not-a-member': 1, duplicate: 1, unexpected: 1 })
  })

  test('wrong operation, number, kind or length of arrays never touch the round, and the right frame still completes it', async () => {
    const { exchange, receive } = alone()
    const arrays = model(4, 5)
    await receive(1, { arrays: model(1, 2, 3) })
    const round = exchange.average(arrays)
    await receive(2, { operation: 'mix' })
    await receive(2, { arrays: [] })
    await receive(2, { arrays: [{ kind: 'momentum', values: new Float32Array(2) }] })
    await receive(2, { arrays: [...model(1, 2), ...model(1, 2)] })
    expect(exchange.waitingFor()).toEqual(['peer-1', 'peer-2'])
    expect(values([arrays])).toEqual([[4, 5]])
    await receive(2, { arrays: model(1, 1) })
    expect(exchange.waitingFor()).toEqual(['peer-1'])
    await receive(1, { arrays: model(1, 3) })
    await round
    expect(values([arrays])).toEqual([[2, 3]])
    expect(exchange.dropped).toEqual({ mismatch: 5 })
    await receive(1, { arrays: model(1, 3) })
    expect(exchange.dropped).toEqual({ mismatch: 5, 'old-round': 1 })
  })

  test('early frames wait for their round', async () => {
    const { exchange, receive } = alone()
    for (const round of [2, 1, 0]) for (const peer of [1, 2]) await receive(peer, { round, arrays: model(3 * round * peer) })
    for (const round of [0, 1, 2]) {
      const arrays = model(0)
      await exchange.average(arrays)
      expect(values([arrays])).toEqual([[3 * round]])
    }
    expect(exchange.dropped).toEqual({})
  })

  test('a frame from a peer without weight in the round is counted when the round is over', async () => {
    const { exchange, receive } = alone(directedRingMatrix)
    const round = exchange.mix(model(2))
    await receive(1, { operation: 'mix', arrays: model(8) })
    await receive(2, { operation: 'mix', arrays: model(4) })
    await round
    expect(exchange.dropped).toEqual({ unexpected: 1 })
  })

  test('no peer can fill the memory', async () => {
    const { exchange, receive } = alone()
    for (let round = 0; round < 30; round++) await receive(1, { round: 1_000 + round, view: 1 + (round % 3) })
    expect(exchange.dropped).toEqual({ overflow: 20 })
    const large = new Float32Array(12 * 2 ** 20)
    for (let round = 0; round < 4; round++) await receive(2, { round, arrays: [{ kind: 'model', values: large }] })
    expect(exchange.dropped).toEqual({ overflow: 22 })
    const round = exchange.average([{ kind: 'model', values: large.slice() }])
    expect(exchange.waitingFor()).toEqual(['peer-1'])
    exchange.close()
    await expect(round).rejects.toMatchObject({ kind: 'closed' })
  })

  test('frames of a newer view from peers outside it are dropped with the change', async () => {
    const { exchange, receive, without } = alone()
    await receive('stranger', { type: 'settle', view: 2, step: 100 })
    await receive(2, { type: 'settle', view: 2, step: 4 })
    exchange.changeView(without(2, 1))
    expect(await exchange.settle(1)).toBe(4)
    expect(exchange.dropped).toEqual({ 'not-a-member': 1 })
  })
})
