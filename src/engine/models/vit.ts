import { ModelBuilder, type Wire } from './builder.ts'
import type { Init, Model } from './types.ts'

const WIDTH = 192
const HEADS = 12
const MLP_WIDTH = 384
const BLOCKS = 4
const PATCH = 4
/** half a patch, in pixels */
const SHIFT = 2

/**
 * The small vision transformer for 32 x 32 pictures of Lee et al., "Vision Transformer for Small-Size Datasets" (2021): 1,210,186
 * parameters for 10 classes. `forSmallData` adds their two changes, shifted patch tokenization and locality self-attention: 1,247,578.
 * No dropout. Layer and parameter order as in the reference model cases.
 */
export function vit(name: string, forSmallData: boolean, classes: number): Model {
  const g = new ModelBuilder()
  const zero: Init = { kind: 'constant', value: 0 }
  /** normal with std sqrt(2 / (in + out)) (Glorot), as in the authors' code */
  const dense = (at: string, x: Wire, out: number, bias: Init | null = zero) => {
    const width = g.shapeOf(x).at(-1) as number
    return g.dense(at, x, out, { weight: { kind: 'normal', std: Math.sqrt(2 / (width + out)) }, bias })
  }

  let x = g.patches('patches', g.input, { size: PATCH, shift: forSmallData ? SHIFT : 0 })
  if (forSmallData) x = g.layerNorm('patch.norm', x)
  x = g.tokens('embedding', dense('patch.dense', x, WIDTH))
  for (let i = 0; i < BLOCKS; i++) {
    const block = `block${i}`
    let h = dense(`${block}.attention.qkv`, g.layerNorm(`${block}.norm1`, x), 3 * WIDTH, null)
    const temperature = forSmallData ? `${block}.attention.temperature` : null
    h = g.attention(`${block}.attention.heads`, h, { heads: HEADS, temperature, masked: forSmallData })
    x = g.add(`${block}.attention`, x, dense(`${block}.attention.out`, h, WIDTH))
    h = dense(`${block}.mlp.dense1`, g.layerNorm(`${block}.norm2`, x), MLP_WIDTH)
    h = dense(`${block}.mlp.dense2`, g.gelu(`${block}.mlp.gelu`, h), WIDTH)
    x = g.add(block, x, h)
  }
  x = g.layerNorm('norm', g.firstToken('class', x))
  dense('head', x, classes)
  return g.build(name)
}
