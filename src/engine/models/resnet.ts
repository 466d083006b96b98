import { ModelBuilder, type Wire } from './builder.ts'
import type { Model } from './types.ts'

/**
 * The CIFAR ResNet of He et al. with 1x1 shortcuts (option B) and GroupNorm(2) or BatchNorm: 272,474 parameters for 10 classes at three
 * blocks per stage, 855,770 at nine. Layer and parameter order as in the reference model cases.
 */
export function resnet(name: string, blocksPerStage: number, normalization: 'group' | 'batch', classes: number): Model {
  const g = new ModelBuilder()
  const norm = (at: string, x: Wire) => (normalization === 'group' ? g.groupNorm(at, x, 2) : g.batchNorm(at, x))
  let x = g.conv('stem.conv', g.input, { out: 16, kernel: 3, pad: 1 })
  x = g.relu('stem', norm('stem.norm', x))
  for (const [i, channels] of [16, 32, 64].entries())
    for (let b = 0; b < blocksPerStage; b++) {
      const block = `stage${i + 1}.block${b}`
      const shrinks = i > 0 && b === 0
      const stride = shrinks ? 2 : 1
      let h = g.conv(`${block}.conv1`, x, { out: channels, kernel: 3, stride, pad: 1 })
      h = g.relu(`${block}.relu1`, norm(`${block}.norm1`, h))
      h = norm(`${block}.norm2`, g.conv(`${block}.conv2`, h, { out: channels, kernel: 3, pad: 1 }))
      const r = shrinks
        ? norm(`${block}.shortcut.norm`, g.conv(`${block}.shortcut.conv`, x, { out: channels, kernel: 1, stride, pad: 0 }))
        : x
      x = g.relu(block, g.add(`${block}.add`, h, r))
    }
  x = g.meanPool('pool', x)
  g.dense('head', x, classes, { weight: { kind: 'uniform', bound: 1 / 8 }, bias: { kind: 'uniform', bound: 1 / 8 } })
  return g.build(name)
}
