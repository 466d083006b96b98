// `npm test`: set-up, then every check and test as a named stage. The last line is `N passed, N failed` (`, N skipped` if any).
// `npm test -- --only node|browser|e2e|checks` narrows it.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { projectFolder, runScript, SetupError, seconds, setUp } from './setup.mjs'
import { countPlaywright, countVitest } from './test-counts.mjs'

const groups = ['checks', 'node', 'browser', 'e2e']
const reports = path.join(projectFolder, '.cache/test-reports')
const report = (name) => path.join(reports, `${name}.json`)
const bin = (place) => path.join(projectFolder, 'node_modules', place)

const stages = [
  { group: 'checks', name: 'format and lint', command: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'] },
  { group: 'checks', name: 'types', command: [bin('typescript/bin/tsc'), '--noEmit'] },
  { group: 'checks', name: 'imports', command: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), 'src', 'e2e', 'scripts'] },
  { group: 'node', name: 'unit tests in Node', ...vitest('node') },
  { group: 'browser', name: 'unit tests in Chromium', needs: { chromium: true }, ...vitest('browser') },
  {
    group: 'e2e',
    name: 'whole product in Chromium',
    needs: { chromium: true, build: true },
    command: [bin('@playwright/test/cli.js'), 'test', '--reporter', 'list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report('e2e') },
    count: () => countPlaywright(readReport('e2e')),
  },
]

function vitest(project) {
  return {
    command: [
      bin('vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report(project)}`,
    ],
    count: () => countVitest(readReport(project)),
  }
}

/** @returns the runner's report, or null when it left none */
function readReport(name) {
  try {
    return JSON.parse(readFileSync(report(name), 'utf8'))
  } catch {
    return null
  }
}

await runScript(async () => {
  const only = wantedGroup()
  const wanted = stages.filter(({ group }) => only === undefined || group === only)
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })

  const total = { passed: 0, failed: 0, skipped: 0 }
  const lines = []
  for (const stage of wanted) {
    process.stdout.write(`\n== ${stage.name}\n`)
    const startedAt = performance.now()
    const counts = await runStage(stage)
    for (const key of Object.keys(total)) total[key] += counts[key]
    lines.push(
      `${counts.failed ? 'FAILED' : 'ok    '}  ${stage.name}: ${shown(counts)}, ${seconds(startedAt)}${counts.note ? ` (${counts.note})` : ''}`,
    )
    process.stdout.write(`== ${lines.at(-1)}\n`)
  }
  process.stdout.write(`\n${lines.join('\n')}\n${shown(total)}\n`)
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
})

async function runStage(stage) {
  try {
    const { chromium } = await setUp(stage.needs)
    if (chromium) process.env.TABSWARM_CHROMIUM = chromium
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`${error.message}\n`)
    return { passed: 0, failed: 1, skipped: 0, note: 'set-up failed' }
  }
  return judge(stage, await run(stage))
}

/** A static check counts as one test; a runner that crashes, or runs nothing, counts as one failure more. */
function judge({ count }, exitCode) {
  if (!count) return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }
  const counts = count()
  if (counts === null) return { passed: 0, failed: 1, skipped: 0, note: `the runner ended with ${exitCode} and left no report` }
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, note: 'nothing ran' }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1, note: `the runner ended with ${exitCode}` }
  return counts
}

function run({ command, env = {} }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: projectFolder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.on('error', () => resolve(1))
    child.on('exit', (code, signal) => resolve(signal ?? code))
  })
}

function wantedGroup() {
  let only
  try {
    only = parseArgs({ options: { only: { type: 'string' } } }).values.only
  } catch (error) {
    throw new SetupError(`npm test: ${error.message}; allowed: --only ${groups.join('|')}`)
  }
  if (only !== undefined && !groups.includes(only)) throw new SetupError(`npm test: --only got "${only}"; allowed: ${groups.join(', ')}`)
  return only
}

function shown({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
}
