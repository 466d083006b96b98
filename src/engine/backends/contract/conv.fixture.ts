import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { ConvShape } from '../../plan/index.ts'
import { randomStream } from '../../random.ts'
import { expectClose } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise, Trial } from './trial.fixture.ts'

interface Case extends Pick<ConvShape, 'batch' | 'height' | 'width' | 'channels' | 'outChannels' | 'kernel' | 'stride' | 'pad'> {
  /** in front of the weights, in floats */
  gap: number
  bias: boolean
  addend: boolean
  /** as of Target.run */
  variant: number
}

const random = randomStream(1, 'conv')
/** Kernels of conv against float64, in sizes ordinary and awkward. */
export function convContract(target: Target): void {
  /** The convolution and both of its gradients against plain loops. */
  async function check({ gap, bias, addend, variant, ...given }: Case): Promise<void> {
    const shape = shapeOf(given)
    const { batch, height, width, channels, outHeight, outWidth, outChannels, kernel } = shape
    const [xs, ws] = [noise(random, batch * height * width * channels), noise(random, kernel * kernel * channels * outChannels)]
    const [bs, dys, before] = [
      noise(random, outChannels),
      noise(random, batch * outHeight * outWidth * outChannels),
      noise(random, xs.length),
    ]
    const trial = new Trial(target, { gap, variant })
    const [weight, biases] = [trial.parameter(ws), trial.parameter(bs)]
    const [x, dy, sum] = [trial.input(xs), trial.input(dys), trial.input(before)]
    const [y, dx] = [trial.output(dys.length), trial.output(xs.length)]
    const outcome = await trial.run([
      { op: 'conv', shape, x, weight, bias: bias ? biases : null, y },
      { op: 'conv-input-gradient', shape, dy, weight, addend: addend ? sum : null, dx },
      { op: 'conv-filter-gradient', shape, x, dy, weight },
      ...(bias ? [{ op: 'row-sum' as const, rows: dys.length / outChannels, columns: outChannels, dy, bias: biases }] : []),
    ])

    const ys = Float64Array.from(dys, (_, i) => (bias ? bs[i % outChannels] : 0))
    const dxs = Float64Array.from(xs, (_, i) => (addend ? before[i] : 0))
    const dws = new Float64Array(ws.length)
    eachTap(shape, (x, w, y) => {
      ys[y] += xs[x] * ws[w]
      dxs[x] += dys[y] * ws[w]
      dws[w] += xs[x] * dys[y]
    })
    const dbs = new Float64Array(outChannels)
    dys.forEach((value, i) => {
      dbs[i % outChannels] += value
    })
    expectClose(outcome.of(y), ys, 'y')
    expectClose(outcome.of(dx), dxs, 'dx')
    expectClose(outcome.gradient(weight), dws, 'weight gradient')
    if (bias) expectClose(outcome.gradient(biases), dbs, 'bias gradient')
  }

  function shapeOf(given: Pick<Case, 'batch' | 'height' | 'width' | 'channels' | 'outChannels' | 'kernel' | 'stride' | 'pad'>): ConvShape {
    const side = (length: number) => Math.floor((length + 2 * given.pad - given.kernel) / given.stride) + 1
    return { ...given, outHeight: side(given.height), outWidth: side(given.width) }
  }

  /** Calls back with the indices of every product x w that is part of a y. */
  function eachTap(shape: ConvShape, visit: (x: number, w: number, y: number) => void): void {
    const { batch, height, width, channels, outHeight, outWidth, outChannels, kernel, stride, pad } = shape
    for (let n = 0; n < batch; n++)
      for (let oy = 0; oy < outHeight; oy++)
        for (let ox = 0; ox < outWidth; ox++)
          for (let ky = 0; ky < kernel; ky++)
            for (let kx = 0; kx < kernel; kx++) {
              const [iy, ix] = [oy * stride + ky - pad, ox * stride + kx - pad]
              if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue
              for (let ci = 0; ci < channels; ci++)
                for (let co = 0; co < outChannels; co++) {
                  const x = ((n * height + iy) * width + ix) * channels + ci
                  const w = ((ky * kernel + kx) * channels + ci) * outChannels + co
                  visit(x, w, ((n * outHeight + oy) * outWidth + ox) * outChannels + co)
                }
            }
  }

  describe('convolution, its gradients and that of a bias', () => {
    it.each([
      // width, channels, out, kernel, stride, pad, batch
      [1, 1, 1, 1, 1, 0, 1],
      [5, 3, 8, 3, 1, 1, 2],
      [7, 6, 5, 3, 2, 1, 1],
      [16, 8, 12, 3, 2, 1, 2],
      [16, 12, 8, 1, 2, 0, 1],
      [33, 3, 6, 5, 3, 2, 1],
      [33, 8, 8, 3, 1, 1, 1],
      [16, 4, 3, 2, 2, 0, 3],
      [5, 1, 4, 1, 1, 1, 2],
      [7, 4, 4, 5, 1, 0, 2],
    ])('width %i, %i to %i channels, kernel %i, stride %i, pad %i, batch %i', (width, channels, outChannels, kernel, stride, pad, batch) =>
      check({
        ...{ batch, height: width === 1 ? 1 : 7, width, channels, outChannels, kernel, stride, pad },
        ...{ gap: batch === 2 ? 5 : 4, bias: width % 2 === 0, addend: width % 2 === 1, variant: 0 },
      }),
    )

    // Sides and channels that divide by 4: what fast algorithms take. The last has more tiles than they compute together.
    it.each([
      // height, width, channels, out, batch
      [4, 4, 4, 4, 1],
      [12, 16, 12, 20, 3],
      [4, 8, 16, 32, 2],
      [8, 4, 20, 16, 5],
      [24, 32, 4, 8, 2],
    ])('3x3 over %i x %i, %i to %i channels, batch %i', (height, width, channels, outChannels, batch) =>
      check({
        ...{ batch, height, width, channels, outChannels, kernel: 3, stride: 1, pad: 1 },
        ...{ gap: 4, bias: false, addend: batch > 1, variant: 0 },
      }),
    )

    const few = fc.constantFrom(1, 3, 6, 8, 12)
    const cases: fc.Arbitrary<Case> = fc
      .record({
        batch: fc.constantFrom(1, 2, 3),
        height: fc.constantFrom(1, 4, 7),
        width: fc.constantFrom(1, 5, 7, 16, 33),
        ...{ channels: few, outChannels: few },
        kernel: fc.constantFrom(1, 2, 3, 5),
        stride: fc.constantFrom(1, 2, 3),
        pad: fc.constantFrom(0, 1, 2),
        gap: fc.constantFrom(4, 5),
        ...{ bias: fc.boolean(), addend: fc.boolean() },
        variant: fc.nat(100),
      })
      .filter(({ height, width, kernel, pad }) => Math.min(height, width) + 2 * pad >= kernel)
    it('in random shapes and variants', () => fc.assert(fc.asyncProperty(cases, check), { seed: 1, numRuns: 8, endOnFailure: true }))
  })
}
