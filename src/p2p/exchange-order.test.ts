import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Exchange } from './exchange.ts'
import { bitsOf, randomMessage, uniformFrom } from './messages.fixture.ts'
import {
  directedRingMatrix,
  expectedMean,
  expectedMix,
  model,
  picker,
  randomVectors,
  ringMatrix,
  shuffledDeliveries,
  swarm,
  ViewChanged,
  values,
} from './swarm.fixture.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

describe('any order of delivery', () => {
  test('gives the same bits: 1,000 interleavings', async () => {
    const rounds = ['mix', 'mix', 'average', 'mix', 'average', 'mix'] as const
    const matrix = (size: number, round: number) => (round % 2 === 0 ? ringMatrix(size) : directedRingMatrix(size))
    const start = randomVectors(4, 3)
    const expected = rounds.reduce<number[][]>(
      (vectors, operation, round) =>
        operation === 'mix' ? expectedMix(matrix(4, round), vectors) : vectors.map(() => expectedMean(vectors)),
      start,
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
        const { schedule, until } = shuffledDeliveries(picker(seed))
        const { exchanges } = swarm(4, { mixing: matrix, network: { schedule } })
        const arrays = start.map((vector) => model(...vector))
        const worker = async (exchange: Exchange, i: number) => {
          for (const operation of rounds) await exchange[operation](arrays[i])
        }
        await until(Promise.all(exchanges.map(worker)))
        expect(values(arrays)).toEqual(expected)
        expect(exchanges.map(({ dropped }) => dropped)).toEqual([{}, {}, {}, {}])
      }),
      { numRuns: 1_000 },
    )
  })

  test.each(['server', 'ring'] as const)('gives the same bits by %s, of arrays and of messages', async (aggregation) => {
    const start = randomVectors(4, 5)
    const messages = start.map((_, i) => randomMessage('sparse', 20, 0.3, uniformFrom(i)))
    const run = async (seed: number) => {
      const { schedule, until } = shuffledDeliveries(picker(seed))
      const { exchanges } = swarm(4, { aggregation, network: { schedule } })
      const arrays = start.map((vector) => model(...vector))
      const worker = async (exchange: Exchange, i: number) => {
        await exchange.average(arrays[i])
        const first = await exchange.averageMessage('gradient', messages[i])
        await exchange.mix(arrays[i])
        const second = await exchange.averageMessage('gradient', first)
        await exchange.average(arrays[i])
        return [first, second].map(bitsOf)
      }
      const means = await until(Promise.all(exchanges.map(worker)))
      expect(exchanges.map(({ dropped }) => dropped)).toEqual([{}, {}, {}, {}])
      return { arrays: values(arrays), means }
    }
    const expected = await run(0)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
        expect(await run(seed)).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['all-gather', 500],
    ['server', 300],
    ['ring', 300],
  ] as const)(
    '%s: a member lost at any moment, learned of by each at its own time: everyone settles once on the same step and finishes',
    async (aggregation, numRuns) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), fc.nat(3), fc.nat(5), async (seed, lost, lastStep) => {
          const pick = picker(seed)
          const { schedule, until } = shuffledDeliveries(pick)
          const { exchanges, net, without } = swarm(4, { aggregation, network: { schedule } })
          const steps = lastStep + 6
          const settledOn: number[][] = [[], [], [], []]
          const worker = async (exchange: Exchange, i: number) => {
            const arrays = model(i)
            for (let step = 0; step < (i === lost ? lastStep : steps); ) {
              try {
                await (step % 3 === 2 ? exchange.average(arrays) : exchange.mix(arrays))
                step++
              } catch (error) {
                if (!(error instanceof ViewChanged)) throw error
                step = await exchange.settle(step)
                settledOn[i].push(step)
              }
            }
            if (i === lost) net.disconnect(`peer-${i}`)
          }
          const uninformed = exchanges.filter((_, i) => i !== lost)
          let isLost = false
          const workers = exchanges.map(worker)
          workers[lost].then(() => (isLost = true))
          await until(Promise.all(workers), () => {
            if (isLost && uninformed.length > 0 && pick(3) === 0)
              uninformed.splice(pick(uninformed.length), 1)[0].changeView(without(2, lost))
          })
          const survivors = settledOn.filter((_, i) => i !== lost)
          expect(survivors.every((settled) => settled.length === 1 && settled[0] === survivors[0][0])).toBe(true)
          expect(settledOn[lost]).toEqual([])
        }),
        { numRuns },
      )
    },
  )
})
