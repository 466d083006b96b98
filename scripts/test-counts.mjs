// What the runners' JSON reports say, as counts.

/** @param report of Vitest's json reporter, or null */
export function countVitest(report) {
  if (!report) return null
  // A file that does not load has no tests, but is a failure.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** @param report of Playwright's json reporter, or null */
export function countPlaywright(report) {
  if (!report) return null
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped }
}
