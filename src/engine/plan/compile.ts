import type { Mode, Model } from '../models/types.ts'
import { fuse } from './fuse.ts'
import { layOut, type Memory } from './memory.ts'
import type { Operation, Region } from './operations.ts'
import { type Written, writeLayer } from './rules.ts'
import { PlanWriter, type Purpose } from './writer.ts'

/** results of a picture */
export const RESULTS = 3

/** What to do with one batch as a list of operations over planned memory. It knows no device. */
export interface Plan {
  model: Model
  batch: number
  operations: Operation[]
  memory: Memory
  pictures: Region
  /** what the last node gives, [batch, classes] */
  logits: Region
  /** [batch, RESULTS]: cross-entropy in nats, the predicted class and its probability; null when only the logits are wanted */
  results: Region | null
}

/**
 * Compiles a model for batches of one size: its gradient (in training mode, and the running statistics move on), its evaluation, or only
 * its logits in a mode.
 */
export function compilePlan(
  model: Model,
  batch: number,
  purpose: Purpose,
  mode: Mode = purpose === 'gradient' ? 'training' : 'evaluation',
): Plan {
  const p = new PlanWriter(batch, purpose, mode)
  const values: Region[] = []
  const written: Written[] = []
  for (const { node, inputs, residual, relu, output } of fuse(model)) {
    const layer = writeLayer(p, {
      layer: node.layer,
      name: model.nodes[output].name,
      inputs: inputs.map((input) => values[input]),
      inputShape: inputs.length > 0 ? model.nodes[inputs[0]].shape : [],
      shape: node.shape,
      residual: residual === null ? null : values[residual],
      relu,
    })
    values[output] = layer.output
    written.push(layer)
  }

  const pictures = values[0]
  const logits = values[model.nodes.length - 1]
  const results = purpose === 'logits' ? null : p.perPicture('results', RESULTS)
  if (results) {
    const dLogits = purpose === 'gradient' ? p.region('d logits', logits.size) : null
    p.emit({ op: 'cross-entropy', batch, classes: model.classes, logits, results, dLogits })
    if (dLogits) p.contribute(logits, () => dLogits)
    for (const { output, backward } of written.reverse()) {
      const gradient = p.gradientOf(output)
      if (gradient) backward(gradient)
    }
  }
  const { operations } = p
  return { model, batch, operations, memory: layOut(operations, results ? [logits, results] : [logits]), pictures, logits, results }
}
