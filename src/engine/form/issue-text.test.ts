import { expect, it } from 'vitest'
import { checkDraft } from './draft.ts'
import { issueText } from './issue-text.ts'

const shown = (path: string, value: string) => issueText(path, checkDraft({ [path]: value }).issues[path])

it('says what came and what is allowed, in words', () => {
  expect(shown('alpha', '-1')).toBe('got -1; allowed: numbers, above 0, at most 1,000,000')
  expect(shown('batchSize', '')).toBe('got nothing; allowed: whole numbers, 1 to 1,024')
  expect(shown('batchSize', '2.5')).toBe('got 2.5; allowed: whole numbers, 1 to 1,024')
  expect(shown('learningRate', 'a;b')).toBe('got "a;b"; allowed: numbers, above 0, at most 100')
  expect(shown('dataset', 'mnist')).toBe('got "mnist"; allowed: shapes10, cifar10, cifar100')
  expect(shown('topology', 'rng')).toBe('got "rng"; allowed: ring, complete, torus, exponential, chain, star. Did you mean ring?')
})

it('leaves alone what says more than the range, and what is about no field of the form', () => {
  expect(issueText('topology', 'got "chain"; GMC runs on: ring')).toBe('got "chain"; GMC runs on: ring')
  expect(issueText('foo', 'not a field of a run; left out')).toBe('not a field of a run; left out')
  expect(issueText('room', 'got "a b"; allowed: up to 40 letters')).toBe('got "a b"; allowed: up to 40 letters')
})
