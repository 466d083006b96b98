import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { startLab } from './command-line.ts'

test('Ctrl-C ends a run in tabs with the results that it has', async () => {
  const out = test.info().outputPath('results')
  const flags = '--workers 2 --steps 100000 --train-images 200 --test-images 10 --batch-size 4 --backend simd --json'
  const { child, ended } = startLab(['run', ...flags.split(' '), '--out', out], (errors) => {
    if (!child.killed && errors.includes('run: training')) child.kill('SIGINT')
  })
  const { code, output, errors } = await ended
  expect(code, errors).toBe(130)
  expect(errors).toContain('Stopping; Ctrl-C again ends at once.')
  const summary = JSON.parse(output)
  expect(summary.status).toBe('stopped')
  expect(summary.steps).toBeGreaterThan(0)
  const [folder] = await readdir(out)
  expect(await readdir(path.join(out, folder))).toEqual(['config.json', 'dashboard.png', 'metrics.jsonl', 'summary.json'])
})
