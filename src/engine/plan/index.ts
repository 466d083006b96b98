export { compilePlan, type Plan } from './compile.ts'
export { layOut } from './memory.ts'
export type { AttentionShape, ChannelShape, ConvShape, Norm, Operation, OperationOf, PoolShape, Region, RowShape } from './operations.ts'
export type { Purpose } from './writer.ts'
