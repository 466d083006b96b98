import { beforeAll, describe, expect, it } from 'vitest'
import { type Backend, chooseBackend, type MetricEvent, openBackend, parseRunConfig, type RunConfigInput } from '../engine/index.ts'
import { createMemoryNetwork } from '../p2p/index.ts'
import { createMember, type Member } from './member.ts'

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('wasm'))
})

const ids = ['a', 'b', 'c', 'd']
const survivors = ['a', 'b', 'd']

/** A run of four in which `c` vanishes once it has done so many steps; the others learn of it one after the other. */
async function runLosingC(input: RunConfigInput, afterSteps: number) {
  const config = parseRunConfig({ workers: 4, trainImages: 200, testImages: 40, steps: 12, batchSize: 4, evaluateEvery: 4, ...input })
  const network = createMemoryNetwork(ids)
  const events: { of: string; event: MetricEvent }[] = []
  const members = new Map<string, Member>()
  const lose = () => {
    network.disconnect('c')
    members.get('c')?.stop()
    survivors.forEach((id, i) => {
      setTimeout(() => members.get(id)?.changeView({ number: 2, members: survivors }, 'c is gone'), 30 * i)
    })
  }
  for (const self of ids) {
    const member = await createMember({
      run: 'loss',
      config,
      self,
      view: { number: 1, members: ids },
      transport: network.transport(self),
      openDataset: () => Promise.reject(new Error('not asked for')),
      backend,
      onEvent(event) {
        events.push({ of: self, event })
        if (self === 'c' && event.type === 'step' && event.step === afterSteps) lose()
      },
    })
    members.set(self, member)
  }
  const finished = await Promise.all(ids.map((id) => members.get(id)?.run()))
  for (const member of members.values()) member.dispose()
  return { finished, events }
}

describe('a run that loses a member', () => {
  it.each(['d-sum', 'gossip-msgd', 'd-psgd', 'dmsgd'] as const)('%s goes on among the rest, and all agree in the end', async (id) => {
    const { finished, events } = await runLosingC({ algorithm: { id }, topology: 'ring' }, 5)
    expect(finished).toEqual([true, true, false, true])
    const of = <T extends MetricEvent['type']>(type: T) =>
      events.map(({ event }) => event).filter((event): event is Extract<MetricEvent, { type: T }> => event.type === type)
    const last = of('finished')
    expect(last.map((event) => event.steps)).toEqual([12, 12, 12])
    expect(new Set(last.map((event) => event.parametersSha256)).size).toBe(1)
    const evaluations = of('evaluation').filter((event) => event.step === 12)
    expect(evaluations.map((event) => event.rank).sort()).toEqual([0, 1, 3])
    if (id === 'dmsgd') for (const event of evaluations) expect(event.consensusDistance).toBeLessThan(1e-5)
    expect(of('view').map((event) => [event.members, event.message])).toEqual(survivors.map(() => [3, 'c is gone']))
  })

  it('takes a ring where its topology does not exist any more', async () => {
    const { finished } = await runLosingC({ topology: 'torus' }, 2)
    expect(finished).toEqual([true, true, false, true])
  })

  it('finishes also when the loss comes with the last step', async () => {
    const { finished, events } = await runLosingC({ topology: 'complete' }, 12)
    expect(finished.filter(Boolean)).toHaveLength(3)
    expect(new Set(events.flatMap(({ of, event }) => (event.type === 'finished' ? [`${of} ${event.steps}`] : []))).size).toBe(3)
  })
})
