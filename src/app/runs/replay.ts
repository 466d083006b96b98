import type { RecordedInsight } from '../insight/recorded-insight.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { isActive } from '../state.ts'
import { useLab } from '../store.ts'
import { texts } from '../texts/index.ts'
import { type KeptRun, replayedRun } from './kept-run.ts'
import { Recording, ReplayCursor } from './recording.ts'
import type { Speed } from './replay-state.ts'

/** Shows a recording as the run it was, wound to its end. @throws Error while a run is on */
export function openReplay(kept: KeptRun, metrics: MetricsStore, insight: RecordedInsight | null): void {
  const { run, metrics: shown, replay, metricsVersion } = useLab.getState()
  if (isActive(run)) throw new Error(texts.replay.busy)
  const cursor = new ReplayCursor(new Recording(metrics))
  useLab.setState({
    run: replayedRun(kept),
    metrics: cursor.metrics,
    metricsVersion: metricsVersion + 1,
    view: 'charts',
    replay: {
      kept,
      cursor,
      insight,
      seconds: cursor.recording.duration,
      speed: replay?.speed ?? 1,
      playing: false,
      before: replay?.before ?? { run, metrics: shown },
    },
  })
}

/** What was on screen before comes back. */
export function leaveReplay(): void {
  useLab.setState(({ replay, metricsVersion }) => (replay ? { ...replay.before, replay: null, metricsVersion: metricsVersion + 1 } : {}))
}

/** Winds the recording; at its end it stops playing. */
export function seekReplay(seconds: number): void {
  useLab.setState(({ replay, metricsVersion }) => {
    if (!replay) return {}
    const { cursor } = replay
    const { duration } = cursor.recording
    const place = Math.min(duration, Math.max(0, seconds))
    cursor.seek(place)
    const playing = replay.playing && place < duration
    return { metrics: cursor.metrics, metricsVersion: metricsVersion + 1, replay: { ...replay, seconds: place, playing } }
  })
}

/** Plays on, from the beginning when it is at its end; or pauses. */
export function playReplay(playing: boolean): void {
  const { replay } = useLab.getState()
  if (!replay) return
  if (playing && replay.seconds >= replay.cursor.recording.duration) seekReplay(0)
  useLab.setState(({ replay }) => ({ replay: replay && { ...replay, playing } }))
}

export function setReplaySpeed(speed: Speed): void {
  useLab.setState(({ replay }) => ({ replay: replay && { ...replay, speed } }))
}
