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

/** What a layer computes. Convolution weights are [kernel row, kernel column, in, out], dense weights [in, out]. */
export type Layer =
  | { op: 'input' }
  | { op: 'conv'; weight: Parameter; stride: number; pad: number }
  | { op: 'group-norm'; groups: number; epsilon: number; scale: Parameter; bias: Parameter }
  | { op: 'relu' }
  | { op: 'max-pool'; size: number }
  | { op: 'mean-pool' }
  | { op: 'add' }
  | { op: 'flatten' }
  | { op: 'dense'; weight: Parameter; bias: Parameter }

/** One node of the graph; nodes are in forward order. */
export interface Node {
  name: string
  layer: Layer
  /** indices of earlier nodes */
  inputs: number[]
  /** of one picture, without the batch dimension */
  shape: number[]
}

/** A model is a value: a graph of layers over one flat parameter vector. The last node gives the logits. */
export interface Model {
  name: string
  classes: number
  /** number of parameters */
  size: number
  parameters: Parameter[]
  nodes: Node[]
}
