import { describe, expect, it } from 'vitest'
import { algorithms } from './algorithms/index.ts'
import type { AlgorithmDefinition, WorkerView } from './algorithms/types.ts'
import { plainVectors } from './backends/index.ts'
import { createCompressor } from './compressors/index.ts'
import { parseRunConfig, type RunConfigInput } from './config.ts'
import { exchangeGraph } from './exchange-graph.ts'

describe('partners', () => {
  it.each(algorithms.map((definition) => [definition.id, definition as AlgorithmDefinition] as const))(
    '%s: are those that its steps exchange with',
    async (_id, definition) => {
      const space = plainVectors(4)
      const compressor = createCompressor(parseRunConfig({}).compressor, { seed: 1, rank: 0, size: 4 })
      const algorithm = definition.create(definition.hyperparameters.parse({}), {
        model: space.zeros(),
        space,
        compressor,
        resetCompressor: compressor,
      })
      const seen = new Set<AlgorithmDefinition['partners']>()
      const neighbors = <T>(answer: T) => {
        seen.add('neighbors')
        return answer
      }
      const everybody = <T>(answer: T) => {
        seen.add('everybody')
        return answer
      }
      const view: Omit<WorkerView, 'step'> = {
        rank: 0,
        size: 2,
        learningRate: 0.1,
        gradient: async () => space.zeros(),
        mix: async () => neighbors(undefined),
        mixMessage: async (message) => neighbors(message),
        neighbors: () => [],
        trade: async () => neighbors(new Map()),
        average: async () => everybody(undefined),
        averageMessage: async (message) => everybody(message),
      }
      for (let step = 0; step < 200; step++) await algorithm.step({ ...view, step })
      expect([...seen]).toEqual(definition.partners === 'nobody' ? [] : [definition.partners])
    },
  )
})

describe('exchangeGraph', () => {
  const of = (config: RunConfigInput) => exchangeGraph(parseRunConfig(config))

  it('is the topology of gossip, whatever the aggregation', () => {
    expect(of({ algorithm: { id: 'd-sum' }, topology: 'chain', aggregation: 'server' })).toBe('chain')
  })

  it('is that of the aggregation where everybody averages, whatever the topology', () => {
    const average = { algorithm: { id: 'dmsgd' }, topology: 'chain' } as const
    expect(of(average)).toBe('complete')
    expect(of({ ...average, aggregation: 'server' })).toBe('star')
    expect(of({ ...average, aggregation: 'ring' })).toBe('ring')
  })

  it('is no ring for compressed messages', () => {
    const compressed = { algorithm: { id: 'gmc' }, aggregation: 'ring' } as const
    expect(of(compressed)).toBe('complete')
    expect(of({ ...compressed, compressor: { id: 'identity' } })).toBe('ring')
  })

  it('is none where nobody talks', () => {
    expect(of({ algorithm: { id: 'local' } })).toBeNull()
  })
})
