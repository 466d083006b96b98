import { LabError } from '../errors.ts'
import type { Init, Layer, Model, Node, Parameter, StateSlot } from './types.ts'

/** A node while the graph is being written. */
export type Wire = number

/** inside the root of every normalization */
const EPSILON = 1e-5
const zero: Init = { kind: 'constant', value: 0 }
const one: Init = { kind: 'constant', value: 1 }

/** Writes a model layer by layer: shapes are worked out and parameters laid out in the order in which layers are added. */
export class ModelBuilder {
  private readonly nodes: Node[] = [{ name: 'input', layer: { op: 'input' }, inputs: [], shape: [32, 32, 3] }]
  private readonly parameters: Parameter[] = []
  private size = 0
  private readonly state: StateSlot[] = []
  private stateSize = 0
  readonly input: Wire = 0

  shapeOf(wire: Wire): number[] {
    return this.nodes[wire].shape
  }

  /** Convolution without bias, weights normal with std sqrt(2 / (k k out)); padding on every side. */
  conv(name: string, x: Wire, { out, kernel, stride = 1, pad }: { out: number; kernel: number; stride?: number; pad: number }): Wire {
    const [height, width, channels] = this.spatial(name, x)
    const weight = this.parameter(`${name}.weight`, [kernel, kernel, channels, out], {
      kind: 'normal',
      std: Math.sqrt(2 / (kernel * kernel * out)),
    })
    const side = (length: number) => Math.floor((length + 2 * pad - kernel) / stride) + 1
    return this.node(name, { op: 'conv', weight, stride, pad }, [x], [side(height), side(width), out])
  }

  /** Group normalization over neighboring channels, with scale and bias per channel. */
  groupNorm(name: string, x: Wire, groups: number): Wire {
    const shape = this.spatial(name, x)
    const channels = shape[2]
    if (channels % groups !== 0) throw new LabError('model', `${name}: ${channels} channels do not divide into ${groups} groups`)
    return this.node(name, { op: 'group-norm', groups, epsilon: EPSILON, ...this.affine(name, channels) }, [x], shape)
  }

  /** Batch normalization of every channel, with scale and bias, and running statistics as state. */
  batchNorm(name: string, x: Wire): Wire {
    const shape = this.spatial(name, x)
    const channels = shape[2]
    const affine = this.affine(name, channels)
    const mean = this.slot(`${name}.mean`, channels, 0)
    const variance = this.slot(`${name}.variance`, channels, 1)
    return this.node(name, { op: 'batch-norm', epsilon: EPSILON, ...affine, mean, variance }, [x], shape)
  }

  /** Normalization over the last axis, with scale and bias for each of its places. */
  layerNorm(name: string, x: Wire): Wire {
    return this.node(name, { op: 'layer-norm', epsilon: EPSILON, ...this.affine(name, this.width(x)) }, [x], this.shapeOf(x))
  }

  relu(name: string, x: Wire): Wire {
    return this.node(name, { op: 'relu' }, [x], this.shapeOf(x))
  }

  /** Non-overlapping maximum over size x size squares. */
  maxPool(name: string, x: Wire, size: number): Wire {
    const [height, width, channels] = this.spatial(name, x)
    return this.node(name, { op: 'max-pool', size }, [x], [Math.floor(height / size), Math.floor(width / size), channels])
  }

  /** Mean over all positions. */
  meanPool(name: string, x: Wire): Wire {
    return this.node(name, { op: 'mean-pool' }, [x], [this.spatial(name, x)[2]])
  }

  add(name: string, a: Wire, b: Wire): Wire {
    if (String(this.shapeOf(a)) !== String(this.shapeOf(b)))
      throw new LabError('model', `${name}: cannot add shapes ${this.shapeOf(a)} and ${this.shapeOf(b)}`)
    return this.node(name, { op: 'add' }, [a, b], this.shapeOf(a))
  }

  flatten(name: string, x: Wire): Wire {
    return this.node(name, { op: 'flatten' }, [x], [this.shapeOf(x).reduce((a, b) => a * b)])
  }

  /** x W + b over the last axis; without a bias where `bias` is null. */
  dense(name: string, x: Wire, out: number, { weight, bias }: { weight: Init; bias: Init | null }): Wire {
    const shape = this.shapeOf(x)
    const layer: Layer = {
      op: 'dense',
      weight: this.parameter(`${name}.weight`, [this.width(x), out], weight),
      bias: bias && this.parameter(`${name}.bias`, [out], bias),
    }
    return this.node(name, layer, [x], [...shape.slice(0, -1), out])
  }

  gelu(name: string, x: Wire): Wire {
    return this.node(name, { op: 'gelu' }, [x], this.shapeOf(x))
  }

  /** Cuts the picture into squares, one row each; with a shift above 0, of the picture and its four shifted copies. */
  patches(name: string, x: Wire, { size, shift }: { size: number; shift: number }): Wire {
    const [height, width, channels] = this.spatial(name, x)
    if (height % size !== 0 || width % size !== 0)
      throw new LabError('model', `${name}: ${height} x ${width} pixels do not divide into squares of ${size}`)
    const features = size * size * channels * (shift > 0 ? 5 : 1)
    return this.node(name, { op: 'patches', size, shift }, [x], [(height / size) * (width / size), features])
  }

  /** Puts a class token in front and adds a position to every token; all start standard normal. */
  tokens(name: string, x: Wire): Wire {
    const [count, width] = this.sequence(name, x)
    const classToken = this.parameter('token.class', [width], { kind: 'normal', std: 1 })
    const position = this.parameter('token.position', [count + 1, width], { kind: 'normal', std: 1 })
    return this.node(name, { op: 'tokens', classToken, position }, [x], [count + 1, width])
  }

  /**
   * Attention over rows of q, k and v. `temperature` names a trainable number per head in place of the usual factor 1 / sqrt(head width),
   * from which it starts.
   */
  attention(name: string, qkv: Wire, { heads, temperature, masked }: { heads: number; temperature: string | null; masked: boolean }): Wire {
    const [count, columns] = this.sequence(name, qkv)
    const width = columns / 3
    if (columns % (3 * heads) !== 0)
      throw new LabError('model', `${name}: ${columns} columns do not divide into q, k and v of ${heads} heads`)
    const usual: Init = { kind: 'constant', value: 1 / Math.sqrt(width / heads) }
    const layer: Layer = {
      op: 'attention',
      heads,
      temperature: temperature === null ? null : this.parameter(temperature, [heads], usual),
      masked,
    }
    return this.node(name, layer, [qkv], [count, width])
  }

  firstToken(name: string, x: Wire): Wire {
    return this.node(name, { op: 'first-token' }, [x], [this.sequence(name, x)[1]])
  }

  /** The finished model; its last node gives the logits. */
  build(name: string): Model {
    const { size, parameters, stateSize, state, nodes } = this
    return { name, classes: nodes[nodes.length - 1].shape[0], size, parameters, stateSize, state, nodes }
  }

  private spatial(name: string, x: Wire): [number, number, number] {
    const shape = this.shapeOf(x)
    if (shape.length !== 3) throw new LabError('model', `${name}: takes [height, width, channels], got shape ${shape}`)
    return shape as [number, number, number]
  }

  private sequence(name: string, x: Wire): [number, number] {
    const shape = this.shapeOf(x)
    if (shape.length !== 2) throw new LabError('model', `${name}: takes [tokens, width], got shape ${shape}`)
    return shape as [number, number]
  }

  private width(x: Wire): number {
    const shape = this.shapeOf(x)
    return shape[shape.length - 1]
  }

  private affine(name: string, size: number): { scale: Parameter; bias: Parameter } {
    return { scale: this.parameter(`${name}.scale`, [size], one), bias: this.parameter(`${name}.bias`, [size], zero) }
  }

  private slot(name: string, size: number, value: number): StateSlot {
    const slot = { name, offset: this.stateSize, size, value }
    this.state.push(slot)
    this.stateSize += size
    return slot
  }

  private parameter(name: string, shape: number[], init: Init): Parameter {
    const size = shape.reduce((a, b) => a * b)
    const parameter = { name, shape, offset: this.size, size, init }
    this.parameters.push(parameter)
    this.size += size
    return parameter
  }

  private node(name: string, layer: Layer, inputs: number[], shape: number[]): Wire {
    this.nodes.push({ name, layer, inputs, shape })
    return this.nodes.length - 1
  }
}
