import * as tf from '@tensorflow/tfjs'
import type { Model } from '../../models/types.ts'
import type { Vector } from '../../vector.ts'
import type { Batch, EvaluationResult, ModelRunner } from '../types.ts'
import { applyLayer } from './layers.ts'
import { type TfjsVector, tfjsVectors } from './vector.ts'

/** Loss and gradient of a model by tfjs operations and automatic differentiation: any device, and the oracle of the others. */
export function tfjsRunner(model: Model): ModelRunner {
  return {
    space: tfjsVectors(model.size),

    async gradient(at: Vector, batch: Batch, into: Vector): Promise<number> {
      const { loss, gradient } = tf.tidy(() => {
        const parameters = parametersOf(model, at)
        const { value, grads } = tf.valueAndGrads((...views: tf.Tensor[]) => meanLoss(model, views, batch))(parameters)
        return { loss: value, gradient: tf.concat1d(grads.map((grad) => grad.flatten())) }
      })
      ;(into as TfjsVector).take(gradient)
      const [value] = await loss.data()
      loss.dispose()
      return value
    },

    async evaluate(at: Vector, batch: Batch): Promise<EvaluationResult> {
      const results = tf.tidy(() => {
        const logits = logitsOf(model, parametersOf(model, at), batch)
        const labels = labelsOf(batch)
        return [tf.sum(tf.equal(tf.argMax(logits, 1), labels)), tf.sum(crossEntropies(logits, labels))]
      })
      const [[correct], [lossSum]] = await Promise.all(results.map((result) => result.data()))
      tf.dispose(results)
      return { correct, lossSum }
    },

    async logits(at: Vector, batch: Batch): Promise<Float32Array> {
      const logits = tf.tidy(() => logitsOf(model, parametersOf(model, at), batch))
      const values = Float32Array.from(await logits.data())
      logits.dispose()
      return values
    },

    dispose() {},
  }
}

function logitsOf(model: Model, parameters: tf.Tensor[], batch: Batch): tf.Tensor2D {
  const byName = new Map(model.parameters.map((parameter, i) => [parameter.name, parameters[i]]))
  const values: tf.Tensor[] = []
  for (const node of model.nodes) {
    const inputs =
      node.layer.op === 'input' ? [tf.tensor4d(batch.images, [batch.labels.length, 32, 32, 3])] : node.inputs.map((i) => values[i])
    values.push(applyLayer(node.layer, inputs, (parameter) => byName.get(parameter.name) as tf.Tensor))
  }
  return values[values.length - 1] as tf.Tensor2D
}

/** The parameters as tensors cut out of the flat vector. */
function parametersOf(model: Model, at: Vector): tf.Tensor[] {
  const flat = (at as TfjsVector).tensor
  return model.parameters.map(({ offset, size, shape }) => tf.slice(flat, offset, size).reshape(shape))
}

function meanLoss(model: Model, parameters: tf.Tensor[], batch: Batch): tf.Scalar {
  return tf.mean(crossEntropies(logitsOf(model, parameters, batch), labelsOf(batch)))
}

function crossEntropies(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(tf.oneHot(labels, logits.shape[1]), tf.logSoftmax(logits)), 1))
}

function labelsOf(batch: Batch): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from(batch.labels), 'int32')
}
