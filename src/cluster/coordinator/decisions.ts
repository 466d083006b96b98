import type { RunAsk, RunStatus } from './messages.ts'
import type { RunRecord } from './run-record.ts'

/** A worker that prepares and shows no progress for so long is given up. */
const PREPARE_SILENCE_MS = 60_000

/** What a coordinator decides about its run, as changes of the status. Pure: no room, no worker. */
export type Decision = Partial<RunStatus>

/** What somebody asks for who may; null where it is so already, a sentence where it cannot be. */
export function steer(record: RunRecord, ask: Exclude<RunAsk['type'], 'start'>, askedBy: string): Decision | string | null {
  const { phase, until } = record.status
  if (ask === 'stop') return { phase: 'stopped', message: `Stopped by ${askedBy}.` }
  if (phase === 'preparing') return 'The run is still being prepared. Wait until it runs.'
  switch (ask) {
    case 'pause':
      return until === null ? { until: record.roundUp(record.maxStep + 1), message: '' } : null
    case 'resume':
      return { phase: 'running', until: null, message: '' }
    case 'stepRound':
      return { phase: 'running', until: record.roundUp(Math.max(record.maxStep, until ?? 0) + 1), message: '' }
    default:
      return ask satisfies never
  }
}

/** What follows from the workers' reports; null while nothing does. */
export function considered(record: RunRecord): Decision | null {
  const { phase, until } = record.status
  if (record.failure) return { phase: 'failed', message: record.failure }
  if (phase === 'preparing') return record.allReady ? { phase: 'running' } : null
  if (record.allFinished) return { phase: 'finished', until: null }
  if (until !== null && record.maxBeyond >= until) return { until: record.roundUp(record.maxBeyond + 1) }
  return phase === 'running' && record.allPaused ? { phase: 'paused' } : null
}

/** Gives up a run whose preparing has come to a stop; null while it has not. */
export function tiredOfWaiting(record: RunRecord, nowMs: number): Decision | null {
  if (record.status.phase !== 'preparing') return null
  const silent = record.notReady(nowMs - PREPARE_SILENCE_MS)
  if (silent.length === 0) return null
  return {
    phase: 'failed',
    message: `Not ready, and no progress for ${PREPARE_SILENCE_MS / 1000} s: ${silent.join(', ')}. Reload or close such a tab, then start again.`,
  }
}

/** Somebody is gone, for this reason: the rest goes on, once it is prepared. */
export function withoutTheLost(record: RunRecord, reason: string): Decision {
  const { nextView } = record
  const { length } = nextView.view.members
  if (record.status.phase === 'preparing')
    return { ...nextView, phase: 'failed', message: `${reason} The run was still being prepared: start it again.` }
  return { ...nextView, message: `${reason} The run goes on with ${length === 1 ? 'one worker' : `${length} workers`}.` }
}
