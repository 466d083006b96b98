import { expect, it } from 'vitest'
import { countPlaywright, countVitest } from './test-counts.mjs'

it('counts a file that does not load as a failure', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ]
  expect(countVitest({ numPassedTests: 1, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0, testResults })).toEqual({
    passed: 1,
    failed: 2,
    skipped: 2,
  })
  expect(countVitest(null)).toBeNull()
})

it('counts flaky tests and errors outside of tests as failures', () => {
  expect(countPlaywright({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] })).toEqual({
    passed: 3,
    failed: 3,
    skipped: 2,
  })
})
