import type * as tf from '@tensorflow/tfjs'
import type { Parameter, StateSlot } from '../../models/types.ts'

/** What a layer may use besides its inputs. */
export interface LayerContext {
  /** false: the model is evaluated, and no state changes */
  training: boolean
  /** a stretch of the flat parameter vector, in its shape */
  parameter(parameter: Parameter): tf.Tensor
  /** a slot's values before this batch, [size] */
  state(slot: StateSlot): tf.Tensor1D
  /** in training: a slot's values from the next batch on */
  replaceState(slot: StateSlot, values: tf.Tensor1D): void
}
