export { compilePlan, type Plan, RESULTS } from './compile.ts'
export { layOut } from './memory.ts'
export {
  type AttentionShape,
  type ChannelShape,
  type ConvShape,
  convFlops,
  type Norm,
  type Operation,
  type OperationOf,
  type PoolShape,
  type Region,
  type RowShape,
  regionsOf,
} from './operations.ts'
export type { Purpose } from './writer.ts'
