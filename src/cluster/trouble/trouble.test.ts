import { expect, it } from 'vitest'
import { chooseBackend, type MetricEvent, openBackend, parseRunConfig, type StepEvent } from '../../engine/index.ts'
import { createMemoryNetwork } from '../../p2p/index.ts'
import { createMember } from '../member.ts'
import { lossyTransport, noTrouble, stragglingBackend, type Trouble } from './index.ts'

/** Two workers, the second with trouble: their events. The first of its messages is the one that gets lost, if any. */
async function runWith(trouble: Trouble): Promise<MetricEvent[]> {
  const ids = ['a', 'b']
  const network = createMemoryNetwork(ids)
  const events: MetricEvent[] = []
  const draws = [0]
  const backend = await openBackend(await chooseBackend('simd'))
  const config = parseRunConfig({ workers: 2, trainImages: 60, testImages: 10, steps: 4, batchSize: 4, topology: 'complete' })
  const members = await Promise.all(
    ids.map((self) => {
      const own = () => (self === 'b' ? trouble : noTrouble)
      return createMember({
        run: 'trouble',
        config,
        self,
        view: { number: 1, members: ids },
        transport: lossyTransport(network.transport(self), own, () => draws.shift() ?? 1),
        openDataset: () => Promise.reject(new Error('not asked for')),
        backend: stragglingBackend(backend, own),
        renewView: () => {},
        onEvent: (event) => events.push(event),
      })
    }),
  )
  expect(await Promise.all(members.map((member) => member.run()))).toEqual([true, true])
  for (const member of members) member.dispose()
  return events
}

const hashes = (events: MetricEvent[]) => events.flatMap((event) => (event.type === 'finished' ? [event.parametersSha256] : []))
const steps = (events: MetricEvent[], rank: number) =>
  events.filter((event): event is StepEvent => event.type === 'step' && event.rank === rank)

it('a straggler computes longer, the other waits for it, and the numbers are the same', async () => {
  const slow = await runWith({ slowMs: 100, lossRate: 0 })
  for (const { computeMs } of steps(slow, 1)) expect(computeMs).toBeGreaterThan(95)
  expect(hashes(slow)).toEqual(hashes(await runWith(noTrouble)))
})

it('a lost message holds the other up, and changes no number either', async () => {
  const lossy = await runWith({ slowMs: 0, lossRate: 0.5 })
  expect(steps(lossy, 0)[0].exchangeMs).toBeGreaterThan(950)
  expect(hashes(lossy)).toEqual(hashes(await runWith(noTrouble)))
})
