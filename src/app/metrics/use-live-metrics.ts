import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLab } from '../store.ts'
import type { MetricsStore } from './metrics-store.ts'

/** Four times a second; `rest`: for so many times as long as a panel takes to draw it leaves the processor to training, up to a second. */
const LIVE = { drawEveryMs: 250, slotMs: 30, rest: 20 }
/** A recording has the processor to itself, and follows the hand. */
const REPLAY = { drawEveryMs: 150, slotMs: 10, rest: 0 }
const LONGEST_REST_MS = 1_000

interface Seen {
  metrics: MetricsStore
  revision: number
}

/** Changes with whatever has come. */
const allOf = (metrics: MetricsStore) => metrics.eventCount

/**
 * The metrics of the run for one panel. It is told of them when its revision has changed, at most four times a second, and in its own
 * turn, so that all panels together never keep the page from answering for long: `slot` is its place in the order of drawing.
 */
export function useLiveMetrics(slot: number, revisionOf: (metrics: MetricsStore) => number = allOf): Seen {
  const [seen, setSeen] = useState(() => look(revisionOf))
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined
    let drawnAtMs = Number.NEGATIVE_INFINITY
    let tookMs = 0
    const draw = () => {
      due = undefined
      drawnAtMs = performance.now()
      // At once, lest React gathers the drawing of several panels in one long task.
      flushSync(() => setSeen((before) => keepSame(before, look(revisionOf))))
      tookMs = performance.now() - drawnAtMs
    }
    const plan = () => {
      const { drawEveryMs, slotMs, rest } = useLab.getState().replay ? REPLAY : LIVE
      const pauseMs = Math.max(drawEveryMs, Math.min(LONGEST_REST_MS, rest * tookMs))
      due ??= setTimeout(draw, Math.max(0, drawnAtMs + pauseMs - performance.now()) + slot * slotMs)
    }
    const stop = useLab.subscribe((state, before) => {
      if (state.metricsVersion !== before.metricsVersion || state.metrics !== before.metrics) plan()
    })
    // What has come between the first drawing and this subscription.
    plan()
    return () => {
      clearTimeout(due)
      stop()
    }
  }, [revisionOf, slot])
  return seen
}

function look(revisionOf: (metrics: MetricsStore) => number): Seen {
  const { metrics } = useLab.getState()
  return { metrics, revision: revisionOf(metrics) }
}

const keepSame = (before: Seen, now: Seen) => (before.metrics === now.metrics && before.revision === now.revision ? before : now)
