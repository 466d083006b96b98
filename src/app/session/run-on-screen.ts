import type { RunCoordinator } from '../../cluster/index.ts'
import { draftOf, type RunConfig } from '../../engine/index.ts'
import { checkRun } from '../form/check-run.ts'
import { MetricsStore } from '../metrics/metrics-store.ts'
import { compareWithNext } from '../runs/compare.ts'
import { leaveReplay } from '../runs/replay.ts'
import { isActive, type RunState } from '../state.ts'
import { useLab } from '../store.ts'
import { MetricsIntake } from './metrics-intake.ts'
import { keepEqual, runView } from './room-view.ts'
import type { SimulatedRun } from './simulated-run.ts'

/**
 * Keeps run and metrics in the store: those of the run that began last. While this tab simulates, what the room does meanwhile is not shown.
 * A recording stays on screen until a run begins.
 * `onPhase` is called when another phase has been shown.
 */
export function keepRunOnScreen(coordinator: RunCoordinator, simulated: SimulatedRun, onPhase: () => void): void {
  const intake = new MetricsIntake()
  const show = (view: RunState | null) => {
    if (useLab.getState().replay) {
      if (!isActive(view)) return showLater(view)
      leaveReplay()
    }
    const before = useLab.getState().run
    const run = keepEqual(before, view)
    if (run === before) return
    if (run?.id !== before?.id) {
      if (run && before) compareWithNext(before, useLab.getState().metrics)
      intake.reset()
      if (run) showInForm(run)
    }
    useLab.setState({ run })
    if (run && run.phase !== before?.phase) {
      intake.tell()
      onPhase()
    }
  }
  simulated.listen({
    onState: (state) => show(state ?? runOfRoom(coordinator)),
    onMetric: (event) => intake.take(event),
  })
  let lastOfRoom: string | null = null
  coordinator.subscribe((snapshot) => {
    const run = runView(snapshot)
    const begins = isActive(run) && run.id !== lastOfRoom
    lastOfRoom = run?.id ?? null
    if (begins) simulated.forget()
    if (!simulated.getState()) show(runOfRoom(coordinator))
  })
  coordinator.onMetrics((events) => {
    if (!simulated.getState()) for (const event of events) intake.take(event)
  })
}

/** The room's run, unless it was over before this tab came: then there is nothing of it to show here. */
function runOfRoom(coordinator: RunCoordinator): RunState | null {
  const view = runView(coordinator.getState())
  const { room, run } = useLab.getState()
  const active: boolean = isActive(view)
  if (!view || active || view.id === run?.id) return view
  const self = room.members.find((member) => member.self)
  return view.seats.some(({ id }) => id === self?.id) ? view : null
}

/** What comes back after the recording. */
function showLater(view: RunState | null): void {
  useLab.setState(({ replay }) => {
    if (!replay) return {}
    const { run, metrics } = replay.before
    return { replay: { ...replay, before: { run: view, metrics: run?.id === view?.id ? metrics : new MetricsStore() } } }
  })
}

/** Whoever started a run: the form shows what is running. What was typed stays where it means the same. */
function showInForm({ config, simulation }: RunState): void {
  const { draft } = useLab.getState()
  const simulated = simulation !== null
  useLab.setState({ simulated })
  const typed = checkRun(draft, simulated ? null : config.workers).config
  if (typed && sameRun(typed, config)) return
  const shown = draftOf(config)
  const workers = simulated ? shown.workers : draft.workers
  const { workers: _, ...others } = shown
  useLab.setState({ draft: workers === undefined ? others : { ...others, workers } })
}

const sameRun = (a: RunConfig, b: RunConfig) => JSON.stringify(a) === JSON.stringify(b)
