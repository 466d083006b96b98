import { expect, it } from 'vitest'
import { parseRunConfig, type RunConfigInput } from '../../engine/index.ts'
import { differenceText, differingFields } from './difference.ts'

const difference = (config: RunConfigInput, other: RunConfigInput) => differenceText(parseRunConfig(config), parseRunConfig(other))

it('names the values in which a run differs from another, in the words of the form', () => {
  expect(difference({ alpha: 100 }, { alpha: 0.1 })).toBe('Dirichlet α 100')
  expect(difference({ topology: 'torus', augment: false }, { topology: 'ring' })).toBe('Topology torus, Crop and flip off')
  expect(difference({ algorithm: { id: 'd-sum', localSteps: 8 } }, {})).toBe('Local steps 8')
})

it('names an algorithm by its title, and of its own hyperparameters only the unusual ones', () => {
  expect(difference({ algorithm: { id: 'd-sum' } }, { algorithm: { id: 'd-psgd' } })).toBe('D-SUM')
  expect(difference({ algorithm: { id: 'd-sum', localSteps: 8 } }, { algorithm: { id: 'd-psgd' } })).toBe('D-SUM, Local steps 8')
  expect(difference({ algorithm: { id: 'd-psgd' } }, { algorithm: { id: 'd-sum' } })).toBe('D-PSGD')
})

it('stays short', () => {
  expect(difference({ seed: 1, steps: 10, alpha: 1, batchSize: 4, workers: 9 }, {})).toBe('Dirichlet α 1, Workers 9, Steps per worker 10 …')
})

it('says that nothing differs', () => {
  expect(difference({}, {})).toBe('same settings')
  expect(difference({ evaluateEvery: 5, testImages: 50 }, {})).toBe('same settings')
})

it('lays the differing fields side by side, in the order of the form', () => {
  const fields = differingFields([
    parseRunConfig({ alpha: 1, algorithm: { id: 'd-psgd' } }),
    parseRunConfig({ alpha: 2, algorithm: { id: 'd-sum', localSteps: 8 } }),
  ])
  expect(fields.slice(0, 2)).toEqual([
    { label: 'Dirichlet α', values: ['1', '2'] },
    { label: 'Algorithm', values: ['D-PSGD', 'D-SUM'] },
  ])
  expect(fields).toContainEqual({ label: 'Local steps', values: [null, '8'] })
  expect(differingFields([parseRunConfig({}), parseRunConfig({})])).toEqual([])
})
