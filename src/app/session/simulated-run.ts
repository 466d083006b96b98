import { bytesToHex, randomBytes } from '@noble/hashes/utils.js'
import { RunRefused } from '../../cluster/index.ts'
import type { MetricEvent, RunConfig } from '../../engine/index.ts'
import { simulatedSeats } from '../cluster-view.ts'
import { isActive, type RunState } from '../state.ts'
import type { WorkerCommand, WorkerEvent } from '../worker/protocol.ts'

/** What the training worker says about a run. */
export type RunNews = Exclude<Extract<WorkerEvent, { run: string }>, { type: 'insight' }>

interface Surroundings {
  post(command: WorkerCommand): void
  datasetsUrl: string
  /** Keeps the training worker for the simulated run, or gives it back. @throws RunRefused while it takes part in another */
  setBusy(busy: boolean): void
}

interface Listener {
  onState(state: RunState | null): void
  onMetric(event: MetricEvent): void
}

/** Steers a run of simulated workers in this tab's training worker: what RunCoordinator does for a room, with nobody to agree with. */
export class SimulatedRun {
  #state: RunState | null = null
  #finished = 0
  /** a pause is under way or reached */
  #pausing = false
  #listener: Listener | null = null

  constructor(private readonly around: Surroundings) {}

  /** The last one, also when it is over, until it is forgotten. */
  getState(): RunState | null {
    return this.#state
  }

  get active(): boolean {
    return isActive(this.#state)
  }

  listen(listener: Listener): void {
    this.#listener = listener
  }

  /** Takes the place of the last one. @throws RunRefused while the training worker is in a run */
  start(config: RunConfig): void {
    if (this.active) throw new RunRefused('A run is under way. Stop it first.')
    this.around.setBusy(true)
    const id = bytesToHex(randomBytes(16))
    this.#finished = 0
    this.#pausing = false
    this.#set({
      id,
      config,
      phase: 'preparing',
      seats: simulatedSeats(config.workers),
      shards: null,
      spectralGap: null,
      parameters: null,
      message: '',
      simulation: { backend: null, preparing: null },
    })
    this.around.post({ type: 'simulate', run: id, config, datasetsUrl: this.around.datasetsUrl })
  }

  /** All workers pause at the end of a common round. @throws RunRefused before they train */
  pause(): void {
    if (!this.#pausing) this.#runUntil(0)
  }

  /** @throws RunRefused */
  resume(): void {
    this.#runUntil(null)
  }

  /** Trains to the end of the next round and pauses. @throws RunRefused */
  stepRound(): void {
    this.#runUntil(0)
  }

  stop(): void {
    this.around.post({ type: 'stop' })
    this.#change({ phase: 'stopped', simulation: { backend: this.#state?.simulation?.backend ?? null, preparing: null } })
  }

  /** Forgets a run that is over. */
  forget(): void {
    if (!this.active) this.#set(null)
  }

  /** News of any other run are not for it. */
  onWorker(news: RunNews): void {
    const state = this.#state
    if (!state || news.run !== state.id) return
    if (news.type === 'metric') return this.#takeMetric(state, news.event)
    if (!this.active) return
    switch (news.type) {
      case 'progress':
        this.#change({ simulation: { backend: null, preparing: { stage: news.stage, fraction: news.fraction } } })
        break
      case 'ready': {
        const { shards, spectralGap, parameters, backend } = news
        this.around.post({ type: 'go' })
        this.#change({ phase: 'running', shards, spectralGap, parameters, simulation: { backend, preparing: null } })
        break
      }
      case 'paused':
        this.#change({ phase: 'paused' })
        break
      case 'renewView':
        // The simulation sees to it by itself.
        break
      case 'failed':
        this.#change({ phase: 'failed', message: news.message })
        break
      default:
        news satisfies never
    }
  }

  #takeMetric(state: RunState, event: MetricEvent): void {
    this.#listener?.onMetric(event)
    if (event.type === 'view') this.#change({ message: event.message })
    if (event.type === 'finished' && ++this.#finished === state.seats.length) this.#change({ phase: 'finished' })
  }

  /** The worker takes the end of the round under way for a step that has passed. */
  #runUntil(step: number | null): void {
    if (!this.active) throw new RunRefused('There is no run to steer. Start one first.')
    if (this.#state?.phase === 'preparing') throw new RunRefused('The run is still being prepared. Wait until it runs.')
    this.#pausing = step !== null
    this.around.post({ type: 'runUntil', step })
    this.#change({ phase: 'running' })
  }

  #change(changes: Partial<RunState>): void {
    if (this.#state) this.#set({ ...this.#state, ...changes })
  }

  #set(state: RunState | null): void {
    if (this.active && !isActive(state)) this.around.setBusy(false)
    this.#state = state
    this.#listener?.onState(state)
  }
}
