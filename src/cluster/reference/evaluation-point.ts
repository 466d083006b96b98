import type { Vector } from '../../engine/index.ts'
import type { QuadraticWorker } from './quadratic-run.ts'

/** Mean over the workers of where the method is evaluated: at the model, unless it says otherwise. Overwrites the scratch vector. */
export async function meanEvaluationPoint(workers: QuadraticWorker[], scratch: Vector): Promise<Float32Array> {
  const mean = new Float32Array(scratch.size)
  for (const { algorithm } of workers) {
    if (algorithm.evaluationPoint) algorithm.evaluationPoint(scratch)
    else scratch.set(algorithm.model)
    const point = await scratch.read()
    for (let k = 0; k < mean.length; k++) mean[k] += point[k] / workers.length
  }
  return mean
}
