import { type AutomationState, type LabAutomation, type RunSummary, summarize } from '../../cluster/index.ts'
import { type BackendChoice, parseRunConfig } from '../../engine/index.ts'
import { checkRun, tabWorkers } from '../form/check-run.ts'
import { endOf } from '../runs/kept-run.ts'
import { useLab } from '../store.ts'
import type { Session } from './session.ts'

declare global {
  interface Window {
    lab: LabAutomation
  }
}

/** The page for scripts: `window.lab`. */
export function automationOf({ actions, room }: Session): LabAutomation {
  const backends = rememberBackends()
  return {
    state: automationState,
    async start(config, { simulated = useLab.getState().simulated } = {}) {
      const { draft, room } = useLab.getState()
      const workers = tabWorkers({ room, simulated })
      const form = checkRun(draft, workers)
      const chosen = config ? parseRunConfig(workers === null ? config : { ...config, workers }) : form.config
      if (!chosen) throw new Error(`the form of this tab is not valid: ${JSON.stringify(form.issues)}`)
      await (simulated ? actions.simulate(chosen) : actions.start(chosen))
    },
    pause: actions.pause,
    resume: actions.resume,
    stepRound: actions.stepRound,
    stop: actions.stop,
    metrics: (from = 0) => useLab.getState().metrics.events(from),
    summary(): RunSummary | null {
      const { run, metrics, replay } = useLab.getState()
      if (!run) return null
      const { simulation } = run
      const choices = run.seats.map(
        ({ id }, rank) => replay?.kept.backends[rank] ?? (simulation ? (simulation.backend ?? undefined) : backends.get(id)),
      )
      return summarize(run.id, replay?.kept.end ?? endOf(run.phase), run.config, choices, metrics.events(), simulation !== null)
    },
    async links() {
      const links = await room.measuredLinks()
      return links.map(({ peer, counts, measured }) => ({ peer, ...counts, measured }))
    },
  }
}

function automationState(): AutomationState {
  const { room, run, metrics } = useLab.getState()
  const steps = run?.seats.flatMap(({ lost }, rank) => (lost ? [] : [metrics.workers.get(rank)?.step ?? 0])) ?? []
  return {
    room: {
      phase: room.phase,
      message: room.message,
      members: room.members.map(({ id, name, rank, self, host, link, backend }) => ({ id, name, rank, self, host, link, backend })),
    },
    run: run && {
      id: run.id,
      simulated: run.simulation !== null,
      phase: run.phase,
      message: run.message,
      step: steps.length > 0 ? Math.min(...steps) : 0,
    },
  }
}

/** A tab's backend belongs in the summary also when the tab has gone since. */
function rememberBackends(): ReadonlyMap<string, BackendChoice> {
  const backends = new Map<string, BackendChoice>()
  useLab.subscribe(({ room }) => {
    for (const { id, backend } of room.members) if (backend) backends.set(id, backend)
  })
  return backends
}
