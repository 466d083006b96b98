import katex from 'katex'
import { describe, expect, it } from 'vitest'
import { type AlgorithmConfig, type AlgorithmId, algorithms, fieldsOf, parseRunConfig } from '../../../engine/index.ts'
import { equations, linesFor } from './equations.ts'
import { letterMacros, numberMacros, symbolValues, texNumber } from './symbols.ts'

const configOf = (id: string) => parseRunConfig({ algorithm: { id }, ...(id === 'relay-sgd' && { topology: 'chain' }), workers: 1 })

describe.each(algorithms.map(({ id }) => id))('equations of %s', (id: AlgorithmId) => {
  const { point, step, round = [] } = equations[id]
  const all = [...step, ...round]
  const config = configOf(id)

  it('can be drawn with letters and with numbers', () => {
    for (const macros of [letterMacros, numberMacros(symbolValues(config, null))])
      for (const tex of [point, ...all.map(({ tex }) => tex)])
        expect(katex.renderToString(tex, { macros: { ...macros }, throwOnError: true, strict: 'error' })).toContain('katex-mathml')
  })

  it('show every hyperparameter: numbers as letters, choices as lines', () => {
    const definition = algorithms.find((algorithm) => algorithm.id === id)
    for (const { path, kind } of fieldsOf(definition?.hyperparameters ?? expect.fail())) {
      if (kind !== 'number') expect(all.some(({ when }) => when && path in when)).toBe(true)
      else if (path !== 'localSteps' && path !== 'resetInterval')
        expect([point, ...all.map(({ tex }) => tex)].join()).toContain(`\\${path}`)
      else expect(round).not.toEqual([])
    }
  })

  it('have an exchange where the method sends something', () => {
    expect(all.some(({ sends }) => sends)).toBe(!['local', 'centralized'].includes(id))
  })
})

describe('linesFor', () => {
  const lines = (algorithm: AlgorithmConfig) => linesFor(equations.dmsgd.step, algorithm).map(({ tex }) => tex)

  it('takes the lines of the chosen variant', () => {
    expect(lines({ id: 'dmsgd', nesterov: false }).at(-1)).toBe(String.raw`w \leftarrow w - \learningRate\, m`)
    expect(lines({ id: 'dmsgd', nesterov: true }).at(-1)).toBe(String.raw`w \leftarrow w - \learningRate\,(\bar g + \beta\, m)`)
  })
})

it('writes numbers as TeX', () => {
  expect([0.9, 624, 0.1 + 0.2, 2.5e-7].map(texNumber)).toEqual(['{0.9}', '{624}', '{0.3}', String.raw`{2.5 \cdot 10^{-7}}`])
})
