import type { RunConfigInput } from '../src/engine/index.ts'
import { simulate } from './command-line.ts'
import { expect, quickRun, test } from './lab-fixture.ts'

const base: RunConfigInput = { ...quickRun, steps: 12, evaluateEvery: 6, topology: 'chain', backend: 'simd' }

const runs: { name: string; change: RunConfigInput; flags: string }[] = [
  {
    name: 'dense gossip over lopsided shards',
    change: { algorithm: { id: 'd-sum', localSteps: 3 }, partition: 'dirichlet', alpha: 0.05 },
    flags: '--algorithm d-sum --local-steps 3 --partition dirichlet --alpha 0.05',
  },
  { name: 'gradient tracking', change: { algorithm: { id: 'gt-dsum', s: 1 } }, flags: '--algorithm gt-dsum --s 1' },
  {
    name: 'sparse all-gather',
    change: { algorithm: { id: 'gmc' }, compressor: { id: 'top-k', ratio: 0.02 } },
    flags: '--algorithm gmc --compressor top-k --compressor-ratio 0.02',
  },
  {
    name: 'sparse through a server',
    change: { algorithm: { id: 'def-a' }, compressor: { id: 'sampled-top-k', ratio: 0.02 }, aggregation: 'server' },
    flags: '--algorithm def-a --compressor sampled-top-k --compressor-ratio 0.02 --aggregation server',
  },
  {
    name: 'running statistics beside the model',
    change: { model: 'resnet20-bn', algorithm: { id: 'd-psgd' }, steps: 3, testImages: 20 },
    flags: '--model resnet20-bn --algorithm d-psgd --steps 3 --test-images 20',
  },
  { name: 'attention', change: { model: 'vit', steps: 3, testImages: 20 }, flags: '--model vit --steps 3 --test-images 20' },
  { name: 'tfjs', change: { backend: 'wasm' }, flags: '--backend wasm' },
]

test('tabs and simulation agree to the last bit, for each kind of exchange, in any number of threads', async ({ openTabs }) => {
  const tabs = await openTabs(3)
  for (const [index, { name, change, flags }] of runs.entries()) {
    await tabs[1].start({ ...base, ...change })
    for (const tab of tabs) await tab.waitForPhase('finished')
    const inTabs = await tabs[0].summary()
    const threads = 1 + (index % 3)
    const simulated = await simulate({ ...base, workers: 3 }, `${flags} --threads ${threads}`, test.info().outputPath('results'))
    const what = `${name}, in ${threads} threads`
    expect(inTabs?.parametersSha256, what).toBe(simulated.parametersSha256)
    expect(inTabs?.accuracy, what).toEqual(simulated.accuracy)
    expect(inTabs?.sentBytes.payload, what).toBe(simulated.sentBytes.payload)
    expect(inTabs?.sentBytes.byKind, what).toEqual(simulated.sentBytes.byKind)
    expect(inTabs?.relativeCommunicationCost, what).toBe(simulated.relativeCommunicationCost)
  }
})
