import { type AutomationState, type LabAutomation, type RunCoordinator, type RunSummary, summarize } from '../../cluster/index.ts'
import { type BackendChoice, parseRunConfig } from '../../engine/index.ts'
import type { LabActions } from '../actions.ts'
import { checkRun } from '../form/check-run.ts'
import { type RunPhase, useLab } from '../store.ts'

declare global {
  interface Window {
    lab: LabAutomation
  }
}

/** The page for scripts: `window.lab`. */
export function automationOf(actions: LabActions, coordinator: RunCoordinator): LabAutomation {
  const backends = rememberBackends()
  return {
    state: () => automationState(coordinator),
    async start(config) {
      const { draft, room } = useLab.getState()
      const form = checkRun(draft, room.members.length)
      const chosen = config ? parseRunConfig({ ...config, workers: Math.max(1, room.members.length) }) : form.config
      if (!chosen) throw new Error(`the form of this tab is not valid: ${JSON.stringify(form.issues)}`)
      await actions.start(chosen)
    },
    pause: actions.pause,
    resume: actions.resume,
    stepRound: actions.stepRound,
    stop: actions.stop,
    metrics: (from = 0) => useLab.getState().metrics.events(from),
    summary(): RunSummary | null {
      const { run, metrics } = useLab.getState()
      if (!run) return null
      const choices = run.seats.map(({ id }) => backends.get(id))
      return summarize(run.id, statusOf(run.phase), run.config, choices, metrics.events())
    },
  }
}

function automationState(coordinator: RunCoordinator): AutomationState {
  const { room, run } = useLab.getState()
  const steps = coordinator.getState().seats.flatMap((seat) => (seat.lost ? [] : [seat.step]))
  return {
    room: {
      phase: room.phase,
      message: room.message,
      members: room.members.map(({ id, name, rank, self, host, link, backend }) => ({ id, name, rank, self, host, link, backend })),
    },
    run: run && {
      id: run.id,
      phase: run.phase,
      message: run.message,
      step: steps.length > 0 ? Math.min(...steps) : 0,
    },
  }
}

/** A run that goes on has, so far, been stopped where it is. */
function statusOf(phase: RunPhase): RunSummary['status'] {
  return phase === 'finished' || phase === 'failed' ? phase : 'stopped'
}

/** A tab's backend belongs in the summary also when the tab has gone since. */
function rememberBackends(): ReadonlyMap<string, BackendChoice> {
  const backends = new Map<string, BackendChoice>()
  useLab.subscribe(({ room }) => {
    for (const { id, backend } of room.members) if (backend) backends.set(id, backend)
  })
  return backends
}
