import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { labScript } from './paths.ts'

it('ends at once when nobody reads what it says, as after `2>&1 | head -1`', async () => {
  const flags = '--workers 1 --steps 100000 --train-images 10 --test-images 10 --batch-size 1 --threads 1'
  const lab = spawn(process.execPath, [labScript, 'simulate', ...flags.split(' '), '--out', tmpdir()], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    await once(lab.stderr, 'data')
    lab.stderr.destroy()
    expect(await once(lab, 'close')).toEqual([141, null])
  } finally {
    lab.kill('SIGKILL')
  }
})
