import * as tf from '@tensorflow/tfjs'
import { normalize } from '../../data/stored-pictures.ts'
import { initialState } from '../../models/index.ts'
import type { Mode, Model } from '../../models/types.ts'
import type { Vector } from '../../vector.ts'
import type { Batch, EvaluationResult, ModelRunner } from '../types.ts'
import type { LayerContext } from './layer-context.ts'
import { applyLayer } from './layers.ts'
import { TfjsVector, tfjsVectors } from './vector.ts'

/** Loss and gradient of a model by tfjs operations and automatic differentiation: any device, and the oracle of the others. */
export function tfjsRunner(model: Model): ModelRunner {
  const state = model.stateSize > 0 ? new TfjsVector(model.stateSize) : null
  state?.write(initialState(model))
  let lastLoss: tf.Scalar | null = null

  /** What the last node gives. */
  function forward(parameters: tf.Tensor[], batch: Batch, mode: Mode, replaceState: LayerContext['replaceState'] = () => {}): tf.Tensor {
    const byName = new Map(model.parameters.map((parameter, i) => [parameter.name, parameters[i]]))
    const context: LayerContext = {
      training: mode === 'training',
      parameter: ({ name }) => byName.get(name) as tf.Tensor,
      state: ({ offset, size }) => tf.slice((state as TfjsVector).tensor, offset, size),
      replaceState,
    }
    const values: tf.Tensor[] = []
    for (const { layer, inputs } of model.nodes) {
      const given = layer.op === 'input' ? [picturesOf(batch)] : inputs.map((i) => values[i])
      values.push(applyLayer(layer, given, context))
    }
    return values[values.length - 1]
  }

  return {
    space: tfjsVectors(model.size),
    state,

    async gradient(at: Vector, batch: Batch, into: Vector): Promise<void> {
      const newState = new Map<string, tf.Tensor1D>()
      lastLoss?.dispose()
      const { loss, gradient } = tf.tidy(() => {
        const meanLoss = (...parameters: tf.Tensor[]) => {
          const logits = forward(parameters, batch, 'training', ({ name }, values) => newState.set(name, tf.keep(values)))
          return tf.mean(crossEntropies(logits as tf.Tensor2D, labelsOf(batch))) as tf.Scalar
        }
        const { value, grads } = tf.valueAndGrads(meanLoss)(parametersOf(model, at))
        return { loss: value, gradient: tf.concat1d(grads.map((grad) => grad.flatten())) }
      })
      ;(into as TfjsVector).take(gradient)
      state?.take(tf.concat1d(model.state.map(({ name }) => newState.get(name) as tf.Tensor1D)))
      tf.dispose([...newState.values()])
      lastLoss = loss
    },

    async loss() {
      if (!lastLoss) throw new Error('there is a loss only after a gradient')
      return (await lastLoss.data())[0]
    },

    async evaluate(at: Vector, batch: Batch): Promise<EvaluationResult> {
      const results = tf.tidy(() => {
        const logits = forward(parametersOf(model, at), batch, 'evaluation') as tf.Tensor2D
        const labels = labelsOf(batch)
        return [tf.argMax(logits, 1), tf.max(tf.softmax(logits), 1), tf.sum(crossEntropies(logits, labels))]
      })
      const [predictions, probabilities, [lossSum]] = await Promise.all(results.map((result) => result.data()))
      tf.dispose(results)
      return { predictions: Uint8Array.from(predictions), probabilities: Float32Array.from(probabilities), lossSum }
    },

    async logits(at: Vector, batch: Batch, mode: Mode): Promise<Float32Array> {
      const logits = tf.tidy(() => forward(parametersOf(model, at), batch, mode))
      const values = Float32Array.from(await logits.data())
      logits.dispose()
      return values
    },

    prepare: async () => null,

    dispose() {
      lastLoss?.dispose()
      state?.dispose()
    },
  }
}

function picturesOf({ images, labels }: Batch): tf.Tensor4D {
  return tf.tensor4d(images instanceof Float32Array ? images : normalize(images), [labels.length, 32, 32, 3])
}

/** The parameters as tensors cut out of the flat vector. */
function parametersOf(model: Model, at: Vector): tf.Tensor[] {
  const flat = (at as TfjsVector).tensor
  return model.parameters.map(({ offset, size, shape }) => tf.slice(flat, offset, size).reshape(shape))
}

function crossEntropies(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(tf.oneHot(labels, logits.shape[1]), tf.logSoftmax(logits)), 1))
}

function labelsOf(batch: Batch): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from(batch.labels), 'int32')
}
