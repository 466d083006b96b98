import { expect, it } from 'vitest'
import { runFields } from '../../engine/index.ts'
import { fieldGroups, groupOf, isRelevant } from './groups.ts'

it('has a place in the form for every field but the number of workers', () => {
  for (const field of runFields) expect(fieldGroups.includes(groupOf(field.path))).toBe(field.path !== 'workers')
})

it('puts a field that it does not know last', () => {
  expect(groupOf('brandNew.thing')).toBe(fieldGroups.at(-1))
})

it('asks for alpha only where it matters', () => {
  expect(isRelevant('alpha', {})).toBe(true)
  expect(isRelevant('alpha', { partition: 'iid' })).toBe(false)
})
