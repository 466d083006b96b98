import { Command, Option } from 'commander'
import type { CaseResult } from '../../cluster/index.ts'
import { backendNames, type RunConfig } from '../../engine/index.ts'
import { oneOf } from '../choices.ts'
import { readCase } from '../verify/cases.ts'
import { openCaseRunner } from '../verify/runners.ts'

/** `lab verify FILE...`: reference cases on a backend, one line each. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Check algorithms and models against reference cases (trajectories, and model cases by manifest or folder)')
    .argument('<files...>', 'JSON files of format reference-case/1, and manifests or folders of format model-case/1')
    .addOption(
      oneOf(new Option('--backend <name>', 'who computes; wgsl, webgpu and webgl run in headless Chromium'), backendNames).default('simd'),
    )
    .action(async (files: string[], { backend }: { backend: RunConfig['backend'] }) => {
      // All files first: a mistyped name is told before a browser is started.
      const cases = await Promise.all(files.map(readCase))
      const runner = await openCaseRunner(backend)
      const count = { passed: 0, failed: 0, 'not-implemented': 0 }
      try {
        process.stderr.write(`backend: ${runner.reason}\n`)
        for (const found of cases) {
          const result = await runner.run(found)
          count[result.status]++
          process.stdout.write(`${lineOf(result)}\n`)
        }
      } finally {
        await runner.close()
      }
      const failed = count.failed + count['not-implemented']
      process.stdout.write(
        `${count.passed} passed, ${failed} failed${count['not-implemented'] > 0 ? ` (${count['not-implemented']} of them not implemented)` : ''}\n`,
      )
      if (failed > 0) process.exitCode = 1
    })
}

function lineOf(result: CaseResult): string {
  if (result.status === 'not-implemented') return `not implemented  ${result.id}: ${result.detail}`
  const { status, id, error, tolerance, detail } = result
  return `${status}  ${id}: largest relative error ${error.toExponential(1)} of ${tolerance.toExponential(0)} allowed (${detail})`
}
