import { expect, it } from 'vitest'
import { buildModel } from '../../models/index.ts'
import { chooseBackend } from '../choose.ts'
import { profileStep } from './profile.ts'

it('times every dispatch of a training step, and knows what its products compute', async () => {
  const batch = { images: Float32Array.from({ length: 2 * 3_072 }, (_, i) => Math.sin(i)), labels: Uint8Array.of(1, 2) }
  const { peakGflops, stepMs, stepGflops, kernels } = await profileStep(await chooseBackend('wgsl'), buildModel('cnn', 10), batch, 0.001)
  expect(Math.min(peakGflops, stepMs, stepGflops, ...kernels.map(({ msPerStep }) => msPerStep))).toBeGreaterThan(0)
  expect(kernels.map(({ msPerStep }) => msPerStep)).toEqual(kernels.map(({ msPerStep }) => msPerStep).sort((a, b) => b - a))
  const flopsOf = (kernel: string, size: string) => {
    const found = kernels.find((one) => one.kernel === kernel && one.size === size)
    return found?.gflops && found.gflops * found.msPerStep * 1e6
  }
  // multiplications and additions: 2 pictures x positions x filter taps x in x out
  expect(flopsOf('conv', '3x3, 32x32, 3 to 32')).toBeCloseTo(2 * 2 * 1_024 * 9 * 3 * 32, 0)
  expect(flopsOf('conv input gradient', '3x3, 16x16, 32 to 64')).toBeCloseTo(2 * 2 * 256 * 9 * 32 * 64, 0)
  expect(flopsOf('conv filter gradient', '2 rows, 1024 to 10')).toBeCloseTo(2 * 2 * 1_024 * 10, 0)
  const convs = kernels.filter(({ kernel }) => kernel === 'conv')
  expect(convs.reduce((sum, { dispatches }) => sum + dispatches, 0)).toBe(4)
})
