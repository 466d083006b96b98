/** How a parameter starts. */
export type Init = { kind: 'normal'; std: number } | { kind: 'uniform'; bound: number } | { kind: 'constant'; value: number }

/** A named stretch of the flat parameter vector, row-major in its shape. */
export interface Parameter {
  name: string
  shape: number[]
  /** in floats */
  offset: number
  size: number
  init: Init
}

/** What training keeps beside the parameters: a named stretch of the flat state vector, one number for each channel. */
export interface StateSlot {
  name: string
  /** in floats */
  offset: number
  size: number
  /** what all its numbers start from */
  value: number
}

/** Running statistics of batch normalization become (1 - RUNNING_MOMENTUM) old + RUNNING_MOMENTUM new after each training batch. */
export const RUNNING_MOMENTUM = 0.1

/** Whether batch normalization takes the batch's statistics, or the running ones. */
export type Mode = 'training' | 'evaluation'

/** What a layer computes. Convolution weights are [kernel row, kernel column, in, out], dense weights [in, out]. */
export type Layer =
  | { op: 'input' }
  | { op: 'conv'; weight: Parameter; stride: number; pad: number }
  | { op: 'group-norm'; groups: number; epsilon: number; scale: Parameter; bias: Parameter }
  /**
   * Per channel, over the batch and all positions: training divides by the batch's standard deviation (variance over the count n) and
   * moves the running statistics (variance over n - 1); evaluation uses those.
   */
  | { op: 'batch-norm'; epsilon: number; scale: Parameter; bias: Parameter; mean: StateSlot; variance: StateSlot }
  /** over the last axis */
  | { op: 'layer-norm'; epsilon: number; scale: Parameter; bias: Parameter }
  | { op: 'relu' }
  | { op: 'max-pool'; size: number }
  | { op: 'mean-pool' }
  | { op: 'add' }
  | { op: 'flatten' }
  /** over the last axis */
  | { op: 'dense'; weight: Parameter; bias: Parameter | null }
  /** x Phi(x) with the exact normal distribution, by erf */
  | { op: 'gelu' }
  /**
   * Squares of size x size pixels as rows, features in the order (row, column, channel). With a shift, the picture is first stacked with
   * four copies whose content is moved down and right, down and left, up and right, up and left by so many pixels, zeros coming in.
   */
  | { op: 'patches'; size: number; shift: number }
  /** Puts the class token in front of the rows and adds a position to each: [n, width] -> [n + 1, width]. */
  | { op: 'tokens'; classToken: Parameter; position: Parameter }
  /**
   * Softmax(temperature q k') v for each head, [tokens, 3 width] -> [tokens, width]: columns are q, k and v, each with its heads side by
   * side. The temperature has one number per head, null is 1 / sqrt(width / heads). Masked: no token attends to itself.
   */
  | { op: 'attention'; heads: number; temperature: Parameter | null; masked: boolean }
  /** [tokens, width] -> [width] */
  | { op: 'first-token' }

/** One node of the graph; nodes are in forward order. */
export interface Node {
  name: string
  layer: Layer
  /** indices of earlier nodes */
  inputs: number[]
  /** of one picture, without the batch dimension */
  shape: number[]
}

/** A model is a value: a graph of layers over one flat parameter vector, and a flat state vector beside it. The last node gives the logits. */
export interface Model {
  name: string
  classes: number
  /** number of parameters */
  size: number
  parameters: Parameter[]
  /** length of the state vector, 0 for most models */
  stateSize: number
  state: StateSlot[]
  nodes: Node[]
}
