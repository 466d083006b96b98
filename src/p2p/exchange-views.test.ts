import { describe, expect, test } from 'vitest'
import { expectedMix, flush, model, randomVectors, ringMatrix, swarm, ViewChanged, values } from './swarm.fixture.ts'

describe('a change of view', () => {
  test('a member dies in the middle of a round: the others agree on the largest step and go on', async () => {
    const { exchanges, net, without } = swarm(4)
    const arrays = randomVectors(4).map((vector) => model(...vector))
    const before = values(arrays)
    // 0 and 2 hear from everybody they need; 1 and 3 need the one that dies
    const rounds = [0, 1, 3].map((i) => exchanges[i].mix(arrays[i]))
    net.disconnect('peer-2')
    await flush()
    expect(exchanges[0].waitingFor()).toEqual([])
    expect(exchanges[1].waitingFor()).toEqual(['peer-2'])
    const survivors = [0, 1, 3].map((i) => exchanges[i])
    for (const exchange of survivors) exchange.changeView(without(2, 2))
    const results = await Promise.allSettled(rounds)
    expect(results.map((result) => (result.status === 'rejected' ? result.reason : 'done'))).toEqual([
      'done',
      expect.any(ViewChanged),
      expect.any(ViewChanged),
    ])
    expect(values([arrays[1], arrays[3]])).toEqual([before[1], before[3]])
    expect(survivors.map(({ rank, size }) => [rank, size])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ])

    // the one whose round was through learns of the change at its next call
    await expect(exchanges[0].mix(arrays[0])).rejects.toBeInstanceOf(ViewChanged)
    expect(await Promise.all(survivors.map((exchange, i) => exchange.settle([8, 7, 7][i])))).toEqual([8, 8, 8])

    const now = values([arrays[0], arrays[1], arrays[3]])
    await Promise.all(survivors.map((exchange, i) => exchange.mix(arrays[[0, 1, 3][i]])))
    expect(values([arrays[0], arrays[1], arrays[3]])).toEqual(expectedMix(ringMatrix(3), now))
  })

  test('several changes before the next call are settled once, in the latest view', async () => {
    const { exchanges, without } = swarm(4)
    for (const i of [0, 1]) {
      exchanges[i].changeView(without(2, 3))
      exchanges[i].changeView(without(3, 2, 3))
    }
    await expect(exchanges[0].average(model(1))).rejects.toMatchObject({ kind: 'view-changed', view: 3 })
    expect(await Promise.all([exchanges[0].settle(5), exchanges[1].settle(9)])).toEqual([9, 9])
    await expect(exchanges[0].settle(5)).rejects.toMatchObject({ kind: 'nothing-to-settle' })
    const arrays = [model(2), model(4)]
    await Promise.all([exchanges[0].average(arrays[0]), exchanges[1].average(arrays[1])])
    expect(values(arrays)).toEqual([[3], [3]])
  })

  test('a change while settling: settle again', async () => {
    const { exchanges, without } = swarm(4)
    for (const exchange of exchanges.slice(0, 3)) exchange.changeView(without(2, 3))
    const first = [0, 1].map((i) => exchanges[i].settle(i))
    await flush()
    expect(exchanges[0].waitingFor()).toEqual(['peer-2'])
    for (const exchange of exchanges.slice(0, 2)) exchange.changeView(without(3, 2, 3))
    for (const settling of first) await expect(settling).rejects.toMatchObject({ kind: 'view-changed', view: 3 })
    expect(await Promise.all([exchanges[0].settle(10), exchanges[1].settle(11)])).toEqual([11, 11])
  })

  test('who learns of it last finds the frames of the others waiting', async () => {
    const { exchanges, without } = swarm(3)
    exchanges[1].changeView(without(2, 2))
    const settled = exchanges[1].settle(4)
    await flush()
    exchanges[0].changeView(without(2, 2))
    expect(await exchanges[0].settle(3)).toBe(4)
    expect(await settled).toBe(4)
    expect(exchanges[0].dropped).toEqual({})
  })

  test('frames of the view before are forgotten, and an older view is ignored', async () => {
    const { exchanges, without } = swarm(3)
    const early = exchanges[1].mix(model(1))
    await flush()
    for (const exchange of exchanges.slice(0, 2)) exchange.changeView(without(2, 2))
    exchanges[0].changeView(without(1))
    await expect(early).rejects.toBeInstanceOf(ViewChanged)
    expect(exchanges[0].dropped).toEqual({ 'old-view': 1 })
    expect(exchanges[0].size).toBe(2)
  })

  test('whoever is left alone settles and goes on alone', async () => {
    const { exchanges, without } = swarm(3)
    const pending = exchanges[2].average(model(6))
    exchanges[2].changeView(without(2, 0, 1))
    await expect(pending).rejects.toBeInstanceOf(ViewChanged)
    expect(await exchanges[2].settle(3)).toBe(3)
    const arrays = model(6)
    await exchanges[2].average(arrays)
    expect(values([arrays])).toEqual([[6]])
  })

  test('a worker that is not in the new view has ended', async () => {
    const { exchanges, without } = swarm(3)
    const pending = exchanges[0].mix(model(1))
    exchanges[0].changeView(without(2, 0))
    await expect(pending).rejects.toMatchObject({ kind: 'not-a-member' })
    await expect(exchanges[0].mix(model(1))).rejects.toMatchObject({ kind: 'not-a-member' })
    expect(exchanges[0].waitingFor()).toEqual([])
  })
})
