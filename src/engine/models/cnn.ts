import { ModelBuilder } from './builder.ts'
import type { Model } from './types.ts'

/** Three times [3x3 convolution, GroupNorm(4), ReLU, 2x2 max pool] with 32, 64, 64 channels, then dense: 66,730 parameters for 10 classes. */
export function cnn(classes: number): Model {
  const g = new ModelBuilder()
  let x = g.input
  for (const [i, channels] of [32, 64, 64].entries()) {
    const stage = `stage${i + 1}`
    x = g.conv(`${stage}.conv`, x, { out: channels, kernel: 3, pad: 1 })
    x = g.groupNorm(`${stage}.norm`, x, 4)
    x = g.relu(`${stage}.relu`, x)
    x = g.maxPool(`${stage}.pool`, x, 2)
  }
  x = g.flatten('flatten', x)
  g.dense('head', x, classes, { weight: { kind: 'uniform', bound: 1 / 32 }, bias: { kind: 'constant', value: 0 } })
  return g.build('cnn')
}
