import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseRunConfig } from '../config.ts'
import { activeFields, allFields, checkDraft, draftOf } from './draft.ts'
import { describeRange, fieldsOf, runFields } from './fields.ts'

describe('fieldsOf', () => {
  it('gives every field of the run schema with its help', () => {
    const schemaFields = Object.keys(parseRunConfig({}))
    expect(runFields.map((field) => field.path.split('.')[0])).toEqual(schemaFields)
    for (const field of allFields(runFields)) expect(field.help).not.toBe('')
  })

  it('reads choices, switches, numbers with their ranges, and unions', () => {
    const fields = fieldsOf(
      z.object({
        color: z.enum(['red', 'blue']).default('blue').describe('which'),
        on: z.boolean().default(true),
        count: z.int().min(2).max(9).default(3),
        rate: z.number().positive().default(0.1),
        method: z
          .discriminatedUnion('id', [
            z.object({ id: z.literal('a'), beta: z.number().min(0).lt(1).default(0.9) }),
            z.object({ id: z.literal('b') }),
          ])
          .prefault({ id: 'b' }),
      }),
    )
    expect(fields).toEqual([
      { path: 'color', help: 'which', kind: 'choice', options: ['red', 'blue'], initial: 'blue' },
      { path: 'on', help: '', kind: 'switch', initial: true },
      { path: 'count', help: '', kind: 'number', integer: true, initial: 3, min: 2, max: 9 },
      { path: 'rate', help: '', kind: 'number', integer: false, initial: 0.1, above: 0 },
      {
        path: 'method.id',
        help: '',
        kind: 'variant',
        options: ['a', 'b'],
        initial: 'b',
        variants: { a: [{ path: 'method.beta', help: '', kind: 'number', integer: false, initial: 0.9, min: 0, below: 1 }], b: [] },
      },
    ])
  })

  it('refuses a field that no input can edit, by name', () => {
    expect(() => fieldsOf(z.object({ title: z.string() }))).toThrow(/cannot edit the field title/)
  })

  it('describes ranges in words', () => {
    expect(describeRange({ min: 10, max: 50_000 })).toBe('10 to 50,000')
    expect(describeRange({ above: 0, max: 100 })).toBe('above 0, at most 100')
    expect(describeRange({ min: 0, below: 1 })).toBe('at least 0, below 1')
    expect(describeRange({})).toBe('')
  })
})

describe('drafts', () => {
  it('are the default configuration when empty', () => {
    expect(checkDraft({})).toEqual({ config: parseRunConfig({}), issues: {} })
  })

  it('keep what was typed and say what is wrong beside its field', () => {
    const { config, issues } = checkDraft({ alpha: '-1', batchSize: 'abc', learningRate: '', 'algorithm.beta': '1' })
    expect(config).toBeNull()
    expect(Object.keys(issues).sort()).toEqual(['algorithm.beta', 'alpha', 'batchSize', 'learningRate'])
    expect(issues.batchSize).toContain('"abc"')
  })

  it('leave out fields of variants that are not chosen', () => {
    const draft = { 'algorithm.id': 'd-psgd', 'algorithm.beta': 'nonsense' }
    expect(checkDraft(draft).config?.algorithm).toEqual({ id: 'd-psgd' })
    expect(activeFields(draft).map((field) => field.path)).not.toContain('algorithm.beta')
  })

  it.each([
    ['d-psgd', ['topology', 'float16']],
    ['gmc', ['compressor.id', 'aggregation', 'float16']],
    ['local', []],
  ])('of %s have of the exchange only what it uses', (id, used) => {
    const exchange = ['compressor.id', 'resetCompressor.id', 'topology', 'aggregation', 'float16']
    const active = activeFields({ 'algorithm.id': id }).map((field) => field.path)
    expect(exchange.filter((path) => active.includes(path)).sort()).toEqual([...used].sort())
  })

  it('give back the configuration they were made of', () => {
    const config = parseRunConfig({ algorithm: { id: 'gossip-msgd', option: 'nesterov' }, weightDecay: 1e-4, augment: false })
    expect(checkDraft(draftOf(config)).config).toEqual(config)
  })

  it('never throw, whatever is typed', () => {
    const path = fc.oneof(
      fc.constantFrom(...allFields(runFields).map((field) => field.path)),
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'algorithm', 'algorithm.__proto__.x'),
    )
    fc.assert(
      fc.property(fc.dictionary(path, fc.oneof(fc.string(), fc.boolean())), (draft) => {
        const { config, issues } = checkDraft(draft)
        expect(config === null).toBe(Object.keys(issues).length > 0)
      }),
    )
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})
