import type { Layer, Model, Node } from '../models/types.ts'

/** Layers that can add a residual and apply a ReLU in their own pass over memory. */
const absorbing: Layer['op'][] = ['group-norm', 'batch-norm']

/** A step of the graph: one node, or a normalization with the addition and the ReLU that follow it. */
export interface Step {
  node: Node
  /** indices of nodes, as in the model */
  inputs: number[]
  /** index of the node whose value is added before the ReLU */
  residual: number | null
  relu: boolean
  /** index of the node whose value the step gives */
  output: number
}

/** The model's nodes in forward order, each normalization merged with what only it is used for. */
export function fuse(model: Model): Step[] {
  const users = model.nodes.map(() => 0)
  for (const { inputs } of model.nodes) for (const input of inputs) users[input]++
  const absorbs = (at: number) => users[at] === 1 && absorbing.includes(model.nodes[at].layer.op)

  const merged = new Set<number>()
  const steps = new Map<number, Step>()
  model.nodes.forEach((node, output) => {
    const step = { node, inputs: node.inputs, residual: null, relu: false, output }
    const sum = node.layer.op === 'relu' ? node.inputs[0] : null
    if (sum === null) return steps.set(output, step)
    const { layer, inputs } = model.nodes[sum]
    const norm = absorbs(sum) ? sum : layer.op === 'add' && users[sum] === 1 ? inputs.find(absorbs) : undefined
    if (norm === undefined) return steps.set(output, step)
    const residual = norm === sum ? null : inputs[inputs[0] === norm ? 1 : 0]
    merged.add(norm).add(sum)
    return steps.set(output, { node: model.nodes[norm], inputs: model.nodes[norm].inputs, residual, relu: true, output })
  })
  return [...steps].filter(([output]) => !merged.has(output)).map(([, step]) => step)
}
