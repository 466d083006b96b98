import { beforeAll, describe, expect, it } from 'vitest'
import { type Backend, chooseBackend, type MetricEvent, openBackend, parseRunConfig, type RunConfigInput } from '../engine/index.ts'
import { createMemoryNetwork } from '../p2p/index.ts'
import { createMember, type Member } from './member.ts'

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('simd'))
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
      renewView: () => {},
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

it('pauses at the end of the round under way where the step to pause at has passed', async () => {
  const pauses: number[] = []
  const member = await createMember({
    run: 'pause',
    config: parseRunConfig({
      workers: 1,
      trainImages: 40,
      testImages: 10,
      steps: 10,
      batchSize: 4,
      algorithm: { id: 'd-sum', localSteps: 4 },
    }),
    self: 'a',
    view: { number: 1, members: ['a'] },
    transport: createMemoryNetwork(['a']).transport('a'),
    openDataset: () => Promise.reject(new Error('not asked for')),
    backend,
    renewView: () => {},
    onEvent: (event) => event.type === 'step' && event.step === 1 && member.runUntil(0),
    onPaused(step) {
      pauses.push(step)
      member.runUntil(step === 4 ? 8 : null)
    },
  })
  expect(await member.run()).toBe(true)
  expect(pauses).toEqual([4, 8])
  member.dispose()
})

/** A device that can be lost: from then on it computes no gradient, and another takes its place. */
class FragileDevice {
  private alive = true

  lose(): void {
    this.alive = false
  }

  get backend(): Backend {
    return {
      ...backend,
      usable: () => this.alive,
      reopen: async () => {
        this.alive = true
        return this.backend
      },
      runner: (model) => {
        const runner = backend.runner(model)
        const gradient: typeof runner.gradient = (...given) =>
          this.alive ? runner.gradient(...given) : Promise.reject(new Error('the device was lost'))
        return { ...runner, gradient }
      },
    }
  }
}

/** A run of three in which the device of `b` is lost after these steps; all have the same few pictures over and over. */
async function runLosingDevice(input: RunConfigInput, afterSteps: number[]) {
  const members: Member[] = []
  const ids = ['a', 'b', 'c']
  const config = parseRunConfig({
    ...{ workers: 3, trainImages: 24, testImages: 10, batchSize: 8, augment: false, partition: 'iid', evaluateEvery: 3 },
    ...{ learningRate: 0.005, steps: 14, ...input },
  })
  const network = createMemoryNetwork(ids)
  const events: MetricEvent[] = []
  const device = new FragileDevice()
  let view = { number: 1, members: ids }
  for (const self of ids)
    members.push(
      await createMember({
        ...{ run: 'device', config, self, view, transport: network.transport(self) },
        openDataset: () => Promise.reject(new Error('not asked for')),
        backend: self === 'b' ? device.backend : backend,
        renewView(message) {
          view = { ...view, number: view.number + 1 }
          for (const member of members) member.changeView(view, `${self}: ${message}`)
        },
        onEvent(event) {
          events.push(event)
          if (event.type === 'step' && event.rank === 1 && afterSteps.includes(event.step)) device.lose()
        },
      }),
    )
  try {
    const finished = await Promise.all(
      members.map((member) =>
        member.run().catch((error) => {
          for (const other of members) other.stop()
          throw error
        }),
      ),
    )
    return { finished, events }
  } finally {
    for (const member of members) member.dispose()
  }
}

describe('a run in which a device is lost', () => {
  it.each([
    ['d-sum', 'ring'],
    ['gt-dsgd', 'ring'],
    ['gt-dsum', 'ring'],
    ['k-gt', 'ring'],
    ['scaffold', 'ring'],
    ['choco-sgd', 'ring'],
    ['relay-sgd', 'chain'],
    ['gmc', 'ring'],
    ['cser', 'ring'],
    ['local', 'ring'],
  ] as const)('%s goes on with all members, from where it was', async (id, topology) => {
    const { finished, events } = await runLosingDevice({ algorithm: { id }, topology, compressor: { id: 'top-k', ratio: 0.5 } }, [7])
    expect(finished).toEqual([true, true, true])
    const views = events.filter((event) => event.type === 'view')
    expect(views.map(({ rank, view, members }) => [rank, view, members])).toEqual([0, 1, 2].map((rank) => [rank, 2, 3]))
    expect(views[0].message).toBe('b: the device was lost. Training goes on with a new one, from the last known model.')
    const last = events.filter((event) => event.type === 'finished')
    expect(new Set(last.map(({ steps, parametersSha256 }) => `${steps} ${parametersSha256}`)).size).toBe(1)
    const steps = events.filter((event) => event.type === 'step').filter(({ rank }) => rank === 1)
    const [first, second, , , , , before, after] = steps
    expect(before.step).toBe(7)
    // Without rounds the model is copied only once a second, at first after the first step.
    expect(after.loss).toBeLessThan(id === 'local' ? first.loss : second.loss)
  })

  it('stops with a message when it is lost again within a minute', async () => {
    await expect(runLosingDevice({ topology: 'ring' }, [3, 6])).rejects.toThrow(
      'the device was lost. It is the second time within a minute that this worker loses its device',
    )
  })
})
