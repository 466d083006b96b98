import type { Operation } from '../../../plan/index.ts'
import type { Kernel } from '../kernel.ts'
import type { Tiles } from '../tiles.ts'
import { attention, attentionGradient } from './attention.ts'
import { batchNorm, batchNormGradient } from './batch-norm.ts'
import { conv, convInputGradient } from './conv.ts'
import { crossEntropy } from './cross-entropy.ts'
import { convFilterGradient } from './filter-gradient.ts'
import { groupNorm, groupNormGradient } from './group-norm.ts'
import { layerNorm, layerNormGradient } from './layer-norm.ts'
import { pictures } from './pictures.ts'
import { add, gelu, geluGradient, relu, reluGradient } from './pointwise.ts'
import { maxPool, maxPoolGradient, meanPool, meanPoolGradient } from './pool.ts'
import { rowSum } from './row-sum.ts'
import { firstRow, firstRowGradient, patches, tokens, tokensGradient } from './tokens.ts'

/** The dispatches of an operation. */
export function kernelsOf(operation: Operation, tiles: Tiles): Kernel[] {
  switch (operation.op) {
    case 'pictures':
      return [pictures(operation)]
    case 'conv':
      return [conv(operation, tiles.conv)]
    case 'conv-input-gradient':
      return [convInputGradient(operation, tiles.inputGradient)]
    case 'conv-filter-gradient':
      return convFilterGradient(operation, tiles.filterGradient)
    case 'row-sum':
      return rowSum(operation, tiles.chunk)
    case 'group-norm':
      return groupNorm(operation, tiles.chunk)
    case 'group-norm-gradient':
      return groupNormGradient(operation, tiles.chunk)
    case 'batch-norm':
      return batchNorm(operation, tiles.chunk)
    case 'batch-norm-gradient':
      return batchNormGradient(operation, tiles.chunk)
    case 'layer-norm':
      return [layerNorm(operation)]
    case 'layer-norm-gradient':
      return layerNormGradient(operation, tiles.chunk)
    case 'gelu':
      return [gelu(operation)]
    case 'gelu-gradient':
      return [geluGradient(operation)]
    case 'patches':
      return [patches(operation)]
    case 'tokens':
      return [tokens(operation)]
    case 'tokens-gradient':
      return tokensGradient(operation)
    case 'first-row':
      return [firstRow(operation)]
    case 'first-row-gradient':
      return [firstRowGradient(operation)]
    case 'attention':
      return [attention(operation)]
    case 'attention-gradient':
      return attentionGradient(operation)
    case 'relu':
      return [relu(operation)]
    case 'relu-gradient':
      return [reluGradient(operation)]
    case 'add':
      return [add(operation)]
    case 'max-pool':
      return [maxPool(operation)]
    case 'max-pool-gradient':
      return maxPoolGradient(operation)
    case 'mean-pool':
      return [meanPool(operation)]
    case 'mean-pool-gradient':
      return [meanPoolGradient(operation)]
    case 'cross-entropy':
      return [crossEntropy(operation)]
    default:
      operation satisfies never
      throw new Error('unreachable')
  }
}
