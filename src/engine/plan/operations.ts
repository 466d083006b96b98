import type { Parameter, StateSlot } from '../models/types.ts'

/** A stretch of float32 memory that a plan computes into: an activation, a gradient, statistics. Row-major, batch first. */
export interface Region {
  type: 'region'
  /** of the plan, in order of creation */
  id: number
  name: string
  /** floats */
  size: number
}

/** What a convolution runs over; a dense layer is one with a 1x1 kernel over its rows. */
export interface ConvShape {
  batch: number
  height: number
  width: number
  channels: number
  outHeight: number
  outWidth: number
  outChannels: number
  kernel: number
  stride: number
  pad: number
}

/** Multiplications and additions of a convolution or of either of its gradients, counted as if padding were there. */
export function convFlops({ batch, channels, outHeight, outWidth, outChannels, kernel }: ConvShape): number {
  return 2 * batch * outHeight * outWidth * outChannels * kernel * kernel * channels
}

/** Positions that share a normalization: [batch, positions, channels]. */
export interface ChannelShape {
  batch: number
  positions: number
  channels: number
}

/** [batch, rows, columns] */
export interface RowShape {
  batch: number
  rows: number
  columns: number
}

export interface AttentionShape {
  batch: number
  tokens: number
  width: number
  heads: number
}

/** [batch, height, width, channels] pooled over squares that do not overlap. */
export interface PoolShape {
  batch: number
  height: number
  width: number
  channels: number
  size: number
}

/**
 * What a plan does, one after the other. Weights are read from the parameter vector and gradients written to the gradient vector, each
 * at its Parameter; `addend` is added to what is computed. An operation never writes to a region that it reads.
 */
export type Operation =
  /** x = the batch's pictures, [batch, 32, 32, 3], cropped, mirrored and normalized (`StoredPictures`) */
  | { op: 'pictures'; x: Region; batch: number }
  | { op: 'conv'; shape: ConvShape; x: Region; weight: Parameter; bias: Parameter | null; y: Region }
  | { op: 'conv-input-gradient'; shape: ConvShape; dy: Region; weight: Parameter; addend: Region | null; dx: Region }
  | { op: 'conv-filter-gradient'; shape: ConvShape; x: Region; dy: Region; weight: Parameter }
  /** gradient of a bias: the sum over rows of dy [rows, columns] */
  | { op: 'row-sum'; rows: number; columns: number; dy: Region; bias: Parameter }
  /** statistics [batch, groups, 2] */
  | ({ op: 'group-norm'; groups: number } & Norm)
  | ({ op: 'group-norm-gradient'; groups: number } & Norm & NormGradient)
  /** statistics [channels, 2]; of the batch, or (running) made of the state; `update`: the running ones move on */
  | ({ op: 'batch-norm'; from: 'batch' | 'running'; update: boolean; mean: StateSlot; variance: StateSlot } & Norm)
  | ({ op: 'batch-norm-gradient' } & Norm & NormGradient)
  /** rows [rows, columns] each normalized; statistics [rows, 2] */
  | ({ op: 'layer-norm' } & LayerNorm)
  | ({ op: 'layer-norm-gradient'; dy: Region; dx: Region } & LayerNorm)
  | { op: 'relu'; x: Region; y: Region }
  | { op: 'relu-gradient'; y: Region; dy: Region; dx: Region }
  | { op: 'add'; a: Region; b: Region; y: Region }
  | { op: 'max-pool'; shape: PoolShape; x: Region; y: Region }
  /** the first largest of each square takes the gradient */
  | { op: 'max-pool-gradient'; shape: PoolShape; x: Region; y: Region; dy: Region; dx: Region }
  | { op: 'gelu'; x: Region; y: Region }
  | { op: 'gelu-gradient'; x: Region; dy: Region; dx: Region }
  /** rows of size x size pixels, [batch, patches, features], of the picture or of it and its four shifted copies */
  | { op: 'patches'; batch: number; size: number; shift: number; x: Region; y: Region }
  /** the class token in front of [batch, rows, columns], then a position added to each row */
  | { op: 'tokens'; shape: RowShape; classToken: Parameter; position: Parameter; x: Region; y: Region }
  /** gradients of class token and positions, and dx, from dy [batch, rows + 1, columns]; rows and columns are those of x */
  | { op: 'tokens-gradient'; shape: RowShape; classToken: Parameter; position: Parameter; dy: Region; dx: Region | null }
  /** the first row of each [batch, rows, columns] */
  | { op: 'first-row'; shape: RowShape; x: Region; y: Region }
  | { op: 'first-row-gradient'; shape: RowShape; dy: Region; dx: Region }
  /** logSums [batch, heads, tokens]: log of the sum of exp(score) of each query */
  | ({ op: 'attention' } & Attention)
  | ({ op: 'attention-gradient'; dy: Region; dx: Region } & Attention)
  | { op: 'mean-pool'; shape: ChannelShape; x: Region; y: Region }
  | { op: 'mean-pool-gradient'; shape: ChannelShape; dy: Region; dx: Region }
  /** results [batch, 3]: cross-entropy in nats, class with the (first) largest logit, its probability; dLogits: gradient of the batch's mean cross-entropy */
  | { op: 'cross-entropy'; batch: number; classes: number; logits: Region; results: Region; dLogits: Region | null }

/** y = [relu] (scale (x - mean) / sqrt(var + epsilon) + bias [+ residual]); statistics are pairs of mean and 1 / sqrt(var + epsilon). */
export interface Norm {
  shape: ChannelShape
  epsilon: number
  scale: Parameter
  bias: Parameter
  relu: boolean
  x: Region
  residual: Region | null
  y: Region
  statistics: Region
}

/** dz = dy where y > 0 (with relu; else dz is dy); dx and the gradients of scale and bias follow from dz. */
export interface NormGradient {
  dy: Region
  dz: Region
  dx: Region
}

interface LayerNorm {
  rows: number
  columns: number
  epsilon: number
  scale: Parameter
  bias: Parameter
  x: Region
  y: Region
  statistics: Region
}

/** y = softmax(temperature q k') v for each head; x [batch, tokens, 3 width] are q, k and v, each with its heads side by side. */
interface Attention {
  shape: AttentionShape
  /** one factor for each head; null: 1 / sqrt(width / heads) */
  temperature: Parameter | null
  /** no token attends to itself */
  masked: boolean
  x: Region
  y: Region
  logSums: Region
}

export type OperationOf<K extends Operation['op']> = Extract<Operation, { op: K }>

/** All regions that an operation touches. */
export function regionsOf(operation: Operation): Region[] {
  return Object.values(operation).filter(isRegion)
}

function isRegion(value: unknown): value is Region {
  return typeof value === 'object' && value !== null && (value as Region).type === 'region'
}
