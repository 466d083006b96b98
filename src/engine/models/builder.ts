import { LabError } from '../errors.ts'
import type { Init, Layer, Model, Node, Parameter } from './types.ts'

/** A node while the graph is being written. */
export type Wire = number

/** Writes a model layer by layer: shapes are worked out and parameters laid out in the order in which layers are added. */
export class ModelBuilder {
  private readonly nodes: Node[] = [{ name: 'input', layer: { op: 'input' }, inputs: [], shape: [32, 32, 3] }]
  private readonly parameters: Parameter[] = []
  private size = 0
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
    const scale = this.parameter(`${name}.scale`, [channels], { kind: 'constant', value: 1 })
    const bias = this.parameter(`${name}.bias`, [channels], { kind: 'constant', value: 0 })
    return this.node(name, { op: 'group-norm', groups, epsilon: 1e-5, scale, bias }, [x], shape)
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

  dense(name: string, x: Wire, out: number, { weight, bias }: { weight: Init; bias: Init }): Wire {
    const shape = this.shapeOf(x)
    if (shape.length !== 1) throw new LabError('model', `${name}: a dense layer takes a vector, got shape ${shape}`)
    const layer: Layer = {
      op: 'dense',
      weight: this.parameter(`${name}.weight`, [shape[0], out], weight),
      bias: this.parameter(`${name}.bias`, [out], bias),
    }
    return this.node(name, layer, [x], [out])
  }

  /** The finished model; its last node gives the logits. */
  build(name: string): Model {
    return { name, classes: this.nodes[this.nodes.length - 1].shape[0], size: this.size, parameters: this.parameters, nodes: this.nodes }
  }

  private spatial(name: string, x: Wire): [number, number, number] {
    const shape = this.shapeOf(x)
    if (shape.length !== 3) throw new LabError('model', `${name}: takes [height, width, channels], got shape ${shape}`)
    return shape as [number, number, number]
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
