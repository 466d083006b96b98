import type { BackendChoice, MetricEvent, RunConfigInput } from '../../engine/index.ts'
import type { PeerId } from '../../p2p/index.ts'
import { Asks } from './asks.ts'
import type { Assignment } from './assignment.ts'
import { AssignmentKeeper } from './assignment-keeper.ts'
import { steer } from './decisions.ts'
import { firstStatus } from './first-status.ts'
import { type ClusterMessage, type RunAsk, readMessage } from './messages.ts'
import { Profiles } from './profiles.ts'
import type { RunRecord } from './run-record.ts'
import { RunUnderWay } from './run-under-way.ts'
import { type CoordinatorDrops, type RoomPort, RunRefused, type RunState, type WorkerNews, type WorkerPort } from './types.ts'

const LINK_WAIT_MS = 3_000
const LINK_LOOK_MS = 100

/**
 * One page's part in steering runs. The coordinator of a run (the host that started it, then its workers as they came into the room) says
 * in numbered statuses what holds; all others follow the newest status, report about their workers to everybody, and ask for what their users want. Since everybody hears
 * all reports, any of them can take over.
 */
export class RunCoordinator {
  readonly #room: RoomPort
  readonly #run: RunUnderWay
  readonly #asks: Asks
  readonly #profiles = new Profiles()
  readonly #assignment: AssignmentKeeper
  /** pages with an open channel that know what this one has to tell newcomers */
  #greeted = new Set<PeerId>()
  #drops: CoordinatorDrops = { malformed: 0, ignored: 0 }
  #state: RunState
  /** metrics have come that the snapshot does not show */
  #dirty = false
  #stateListeners = new Set<(state: RunState) => void>()
  #metricHandlers = new Set<(events: MetricEvent[], from: PeerId) => void>()
  #unsubscribe: (() => void)[]

  constructor(room: RoomPort, worker: WorkerPort) {
    this.#room = room
    this.#asks = new Asks(room)
    this.#assignment = new AssignmentKeeper(room)
    this.#run = new RunUnderWay({
      room,
      worker,
      drops: this.#drops,
      busy: () => this.#profiles.isBusy(room.selfId),
      onMetrics: (events, from) => {
        this.#dirty = true
        this.#metricHandlers.forEach((handler) => handler(events, from))
      },
      onChange: () => this.#changed(),
    })
    this.#state = this.#snapshot()
    this.#unsubscribe = [
      room.subscribe(() => this.#onRoom()),
      room.onControl((from, body) => this.#onControl(from, body)),
      room.onMemberLost((id, reason) => this.#onLost(id, reason)),
    ]
    this.#onRoom()
  }

  getState = (): RunState => this.#state

  /** Calls the listener after every change; returns how to stop that. */
  subscribe = (listener: (state: RunState) => void): (() => void) => added(this.#stateListeners, listener)

  /** Metrics of all workers, this page's own included; `rank` in them is the seat: the rank at the start of the run. */
  onMetrics(handler: (events: MetricEvent[], from: PeerId) => void): () => void {
    return added(this.#metricHandlers, handler)
  }

  get drops(): CoordinatorDrops {
    return { ...this.#drops }
  }

  // --- what a user wants; each rejects with RunRefused when the coordinator will not ---

  /** `workers` in the configuration is replaced by the number of tabs that are there. */
  start(config: RunConfigInput): Promise<void> {
    return this.#ask({ type: 'start', config })
  }

  /** Everybody pauses at the end of a common round. */
  pause(): Promise<void> {
    return this.#ask({ type: 'pause' })
  }

  resume(): Promise<void> {
    return this.#ask({ type: 'resume' })
  }

  /** Trains to the end of the next round and pauses. */
  stepRound(): Promise<void> {
    return this.#ask({ type: 'stepRound' })
  }

  stop(): Promise<void> {
    return this.#ask({ type: 'stop' })
  }

  /** Forgets a run that is over, on this page only. */
  reset(): void {
    this.#run.forget()
  }

  /**
   * Gives out the ranks of the next run, and says so to everybody.
   * @throws RunRefused on a page that is not the host
   */
  assign(assignment: Assignment): void {
    this.#assignment.assign(assignment)
    this.#changed()
  }

  // --- the page's duties ---

  /**
   * A busy page's worker belongs to something else: it gets no orders, and is left out of runs that start meanwhile.
   * @throws RunRefused while the worker takes part in a run
   */
  setBusy(busy: boolean): void {
    if (busy && this.#run.needsThisPage) throw new RunRefused('This tab takes part in a run of the room. Stop that first.')
    if (busy) this.#run.stopWorker()
    const { selfId } = this.#room
    this.#profiles.setBusy(selfId, busy)
    const profile = this.#profiles.messageOf(selfId)
    if (profile) this.#room.broadcast(profile)
    this.#changed()
  }

  onWorker(news: WorkerNews): void {
    if (news.type === 'hello') return this.#setBackend(news.backend)
    if (!this.#run.isOf(news.run)) return
    if (news.type === 'ready') this.#setBackend(news.backend)
    this.#run.onWorker(news)
  }

  /** Sends what has gathered and looks at deadlines. To be called up to 4 times a second, from a worker's timer or messages. */
  flush(): void {
    this.#run.flush()
    if (this.#dirty) this.#changed()
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#asks.close()
  }

  #setBackend(backend: BackendChoice): void {
    const { selfId } = this.#room
    this.#profiles.setBackend(selfId, backend)
    this.#room.broadcast(this.#profiles.messageOf(selfId))
    this.#changed()
  }

  // --- asking and answering ---

  async #ask(ask: RunAsk): Promise<void> {
    const to = this.#run.record?.coordinatorId ?? this.#room.getState().hostId
    if (to === null) throw new RunRefused('This tab is not in the room yet. Wait a moment, then try again.')
    if (to === this.#room.selfId) {
      const error = await this.#decideSoon(to, ask)
      if (error) throw new RunRefused(error)
      return
    }
    await this.#asks.ask(to, this.#nameOf(to), ask)
  }

  /** A tab that has just come may not be linked to everybody yet: a start waits a little for it. */
  async #decideSoon(from: PeerId, ask: RunAsk): Promise<string | null> {
    const deadlineMs = performance.now() + LINK_WAIT_MS
    const connecting = () => this.#room.getState().members.some((member) => member.link === 'connecting')
    while (ask.type === 'start' && connecting() && performance.now() < deadlineMs)
      await new Promise((resolve) => setTimeout(resolve, LINK_LOOK_MS))
    return this.#decide(from, ask)
  }

  /** Carries out what somebody asks for; returns why not. */
  #decide(from: PeerId, ask: RunAsk): string | null {
    const { hostId, locked, members } = this.#room.getState()
    const host = members.find((member) => member.host)
    if (locked && from !== hostId) return `The room is locked: only its host${host ? ` (${host.name})` : ''} can start, pause or stop runs.`
    if (ask.type === 'start') return this.#decideStart(ask.config)
    const { record, coordinates } = this.#run
    if (!record?.active) return 'There is no run to steer. Start one first.'
    if (!coordinates) return `The run is steered by ${this.#nameOf(record.coordinatorId)} now. Try again.`
    const decision = steer(record, ask.type, this.#nameOf(from))
    if (typeof decision === 'string') return decision
    if (decision) this.#run.decide(decision)
    return null
  }

  #decideStart(config: unknown): string | null {
    const { hostId, members } = this.#room.getState()
    if (this.#run.record?.active) return 'A run is under way. Stop it first.'
    if (hostId !== this.#room.selfId) return `The host of the room is ${this.#nameOf(hostId)} now. Try again.`
    if (this.#profiles.isBusy(hostId))
      return `${this.#nameOf(hostId)}, the host of this room, is busy with simulated workers. Stop them there, or wait until they are done.`
    const status = firstStatus(config, hostId, members, (id) => this.#profiles.isBusy(id), this.#assignment.assignment)
    if (typeof status === 'string') return status
    this.#run.begin(status)
    return null
  }

  // --- the room ---

  #onControl(from: PeerId, body: unknown): void {
    const message = readMessage(body)
    if (!message) return void this.#drops.malformed++
    switch (message.type) {
      case 'run/status':
        this.#run.onStatus(from, message.status)
        break
      case 'run/sync':
        this.#tell(from)
        break
      case 'run/ask':
        void this.#decideSoon(from, message.ask).then((error) =>
          this.#room.sendControl(from, { type: 'run/answer', id: message.id, error } satisfies ClusterMessage),
        )
        break
      case 'run/answer':
        if (!this.#asks.answered(from, message.id, message.error)) this.#drops.ignored++
        break
      case 'run/report':
        this.#run.onReport(from, message.run, message.report)
        break
      case 'run/metrics':
        this.#run.onMetrics(from, message.run, message.events)
        break
      case 'run/profile':
        this.#profiles.setBackend(from, message.backend)
        this.#profiles.setBusy(from, message.busy)
        this.#changed()
        break
      case 'run/assignment':
        if (this.#assignment.receive(from, message.assignment)) this.#changed()
        else this.#drops.ignored++
        break
      default:
        message satisfies never
    }
  }

  #onRoom(): void {
    const { phase, members } = this.#room.getState()
    if (phase === 'left') return this.#run.standDown()
    for (const { id, self, link } of members) {
      if (self || link !== 'open') this.#greeted.delete(id)
      else if (!this.#greeted.has(id)) this.#greet(id)
    }
    this.#assignment.followHost()
    this.#run.reportReady()
  }

  /** Tells a newcomer what holds. */
  #greet(id: PeerId): void {
    this.#greeted.add(id)
    const profile = this.#profiles.messageOf(this.#room.selfId)
    if (profile) this.#room.sendControl(id, profile)
    this.#tell(id)
  }

  /** What this page has a say in: the run that it coordinates, and as host who takes which rank in the next one. */
  #tell(to: PeerId): void {
    this.#run.tell(to)
    this.#assignment.tell(to)
  }

  #onLost(id: PeerId, reason: string): void {
    this.#greeted.delete(id)
    this.#profiles.forget(id)
    this.#asks.lost(id, reason)
    this.#run.onLost(id, reason)
    this.#changed()
  }

  #nameOf(id: PeerId | null): string {
    return this.#room.getState().members.find((member) => member.id === id)?.name ?? 'another tab'
  }

  // --- the snapshot ---

  #changed(): void {
    this.#dirty = false
    this.#state = this.#snapshot()
    this.#stateListeners.forEach((listener) => listener(this.#state))
  }

  #snapshot(): RunState {
    const { record, participates } = this.#run
    const { backends, busy } = this.#profiles
    const { assignment } = this.#assignment
    return { ...(record ? ofRun(record, participates, this.#room.selfId) : ofNoRun), backends, busy, assignment }
  }
}

type OfRun = Omit<RunState, 'backends' | 'busy' | 'assignment'>

const ofNoRun: OfRun = {
  phase: 'idle',
  run: null,
  config: null,
  view: null,
  coordinatorId: null,
  participates: false,
  seats: [],
  until: null,
  message: '',
  facts: null,
}

function ofRun(record: RunRecord, participates: boolean, self: PeerId): OfRun {
  const { run, config, view, phase, until, message, facts } = record.status
  const { coordinatorId } = record
  return { phase, run, config, view, coordinatorId, participates, seats: record.seats(self), until, message, facts }
}

function added<T>(set: Set<T>, item: T): () => void {
  set.add(item)
  return () => set.delete(item)
}
