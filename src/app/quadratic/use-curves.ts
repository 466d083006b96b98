import { startTransition, useEffect, useRef, useState } from 'react'
import { type Curve, curvesOf, type Experiment, runCurve } from '../../cluster/quadratic/index.ts'

/** A curve, and the experiment that it is of: while a new one is computed, the old ones stay on screen. */
export interface ShownCurve {
  experiment: Experiment
  curve: Curve
}

/** So long nothing is computed after a change, so that a slider that is dragged is not followed at every stop. */
const SETTLE_MS = 120
const MAX_KEPT = 100

const nameOf = ({ method, k }: Pick<Curve, 'method' | 'k'>) => `${method} ${k}`

/** All that a curve depends on. */
function keyOf({ preset, beta, learningRate, steps, seed }: Experiment, curve: Pick<Curve, 'method' | 'k'>): string {
  return JSON.stringify([preset, beta, learningRate, steps, seed, nameOf(curve)])
}

/** The curves of an experiment as they come, in its order. An experiment of null leaves what is there. */
export function useCurves(experiment: Experiment | null): { shown: ShownCurve[]; busy: boolean } {
  const kept = useRef(new Map<string, ShownCurve>())
  const [state, setState] = useState<{ shown: ShownCurve[]; busy: boolean }>({ shown: [], busy: true })
  useEffect(() => {
    if (!experiment) return
    const wanted = curvesOf(experiment)
    const keep = kept.current
    // As a transition: drawing gives way to the controls, as computing does.
    const show = (busy: boolean) =>
      startTransition(() =>
        setState(({ shown }) => ({
          busy,
          shown: wanted.flatMap((curve) => {
            const old = shown.find((other) => other.experiment.preset === experiment.preset && nameOf(other.curve) === nameOf(curve))
            return keep.get(keyOf(experiment, curve)) ?? old ?? []
          }),
        })),
      )
    const missing = wanted.filter((curve) => !keep.has(keyOf(experiment, curve)))
    show(missing.length > 0)
    if (missing.length === 0) return
    const controller = new AbortController()
    const compute = async () => {
      for (const [i, curve] of missing.entries()) {
        const run = await runCurve(experiment, curve, controller.signal)
        if (controller.signal.aborted) return
        keep.set(keyOf(experiment, curve), { experiment, curve: run })
        for (const oldest of keep.keys()) if (keep.size > MAX_KEPT) keep.delete(oldest)
        show(i + 1 < missing.length)
      }
    }
    const timer = setTimeout(() => {
      compute().catch((error: unknown) => {
        // What was abandoned is no fault; anything else is, and belongs to the page's console.
        if (!controller.signal.aborted) reportError(error)
      })
    }, SETTLE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [experiment])
  return state
}
