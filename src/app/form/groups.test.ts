import { expect, it } from 'vitest'
import { runFields } from '../../engine/index.ts'
import { fieldGroups, groupOf, isRelevant } from './groups.ts'

it('names a group for every field', () => {
  for (const { path } of runFields) expect(fieldGroups.flatMap(({ fields }) => fields)).toContain(path.split('.')[0])
})

it('puts a field that it does not know last', () => {
  expect(groupOf('brandNew.thing')).toBe(fieldGroups.at(-1))
})

it('asks for alpha only where it matters', () => {
  expect(isRelevant('alpha', {}, false)).toBe(true)
  expect(isRelevant('alpha', { partition: 'iid' }, false)).toBe(false)
})

it('asks for the number of workers only where they are simulated', () => {
  expect(isRelevant('workers', {}, true)).toBe(true)
  expect(isRelevant('workers', {}, false)).toBe(false)
})
