import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkExperiment } from '../../cluster/quadratic/index.ts'
import { parseAddress, writeAddress } from './address.ts'

const parse = (query: string) => parseAddress(new URLSearchParams(query))

it('an address gives its experiment again', () => {
  const texts = { preset: 'large', k: '1,20', methods: 'gmc,cser', beta: '0.5' }
  expect(writeAddress(texts)).toBe('?preset=large&methods=gmc,cser&k=1,20&beta=0.5')
  expect(parse(writeAddress(texts))).toEqual({ texts, problems: [] })
  expect(writeAddress({ k: '1', beta: '0.9' })).toBe('')
})

it('says what it leaves out, and keeps the rest', () => {
  const { texts, problems } = parse('?k=7&beta=0.5&steps=many&color=red')
  expect(texts).toEqual({ beta: '0.5' })
  expect(problems.map(({ field }) => field)).toEqual(['color', 'k', 'steps'])
  expect(problems[1].message).toContain('got "7"; allowed: ')
})

it('any address gives an experiment that can be run', () => {
  const field = fc.constantFrom('preset', 'methods', 'k', 'beta', 'learningRate', 'steps', 'seed', 'x')
  const text = fc.oneof(fc.string(), fc.constantFrom('plane', 'large', '1,50', 'gmc', '0.3', '1e400'))
  fc.assert(
    fc.property(fc.array(fc.tuple(field, text)), (entries) => {
      expect(checkExperiment(parseAddress(new URLSearchParams(entries)).texts).issues).toEqual([])
    }),
  )
})
