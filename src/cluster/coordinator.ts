import { bytesToHex, randomBytes } from '@noble/hashes/utils.js'
import { type BackendChoice, ConfigError, type MetricEvent, parseRunConfig, type RunConfig, type RunConfigInput } from '../engine/index.ts'
import type { PeerId } from '../p2p/index.ts'
import { Asks } from './asks.ts'
import { type Assignment, asTheyCame, lineUp } from './assignment.ts'
import {
  type ClusterMessage,
  type RunAsk,
  type RunFacts,
  type RunReport,
  type RunStatus,
  readMessage,
  readMetricEvent,
} from './coordinator-messages.ts'
import { type RoomPort, RunRefused, type RunState, type WorkerNews, type WorkerPort } from './coordinator-types.ts'
import { PREPARE_SILENCE_MS, RunRecord } from './run-record.ts'

const LINK_WAIT_MS = 3_000
const LINK_LOOK_MS = 100
/** A worker that has done the last step before a pause and says nothing for so long is in the next one already. */
const PAUSE_DOUBT_MS = 1_000
const EVENTS_PER_MESSAGE = 200

/** This page's worker, as far as orders went. */
interface Ordered {
  run: string
  went: boolean
  viewNumber: number
  until: number | null
  stopped: boolean
  /** ready itself, but perhaps not linked to everybody yet */
  facts: RunFacts | null
  reportedReady: boolean
  untilSinceMs: number
}

/** Messages that were dropped, by why. */
export interface CoordinatorDrops {
  malformed: number
  /** from somebody who has no say in it, or too late */
  ignored: number
}

/**
 * One page's part in steering runs. The coordinator of a run (the host that started it, then its workers as they came into the room) says
 * in numbered statuses what holds; all others follow the newest status, report about their workers to everybody, and ask for what their users want. Since everybody hears
 * all reports, any of them can take over.
 */
export class RunCoordinator {
  readonly #room: RoomPort
  readonly #worker: WorkerPort
  #record: RunRecord | null = null
  #ordered: Ordered | null = null
  #state: RunState
  #dirty = false
  #backends: Record<PeerId, BackendChoice> = {}
  #busy = new Set<PeerId>()
  #greeted = new Set<PeerId>()
  #hostId: PeerId | null = null
  readonly #asks: Asks
  #assignment: Assignment = asTheyCame
  #metrics: MetricEvent[] = []
  #progress: RunReport | null = null
  #drops: CoordinatorDrops = { malformed: 0, ignored: 0 }
  #stateListeners = new Set<(state: RunState) => void>()
  #metricHandlers = new Set<(events: MetricEvent[], from: PeerId) => void>()
  #unsubscribe: (() => void)[]

  constructor(room: RoomPort, worker: WorkerPort) {
    this.#room = room
    this.#worker = worker
    this.#asks = new Asks(room)
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
    if (this.#record?.active) return
    this.#record = null
    this.#changed()
  }

  /**
   * Gives out the ranks of the next run, and says so to everybody.
   * @throws RunRefused on a page that is not the host
   */
  assign(assignment: Assignment): void {
    if (!this.#isHost) throw new RunRefused('Only the host of the room assigns the workers of the next run: ask it to.')
    this.#assignment = assignment
    this.#room.broadcast({ type: 'run/assignment', assignment } satisfies ClusterMessage)
    this.#changed()
  }

  // --- the page's duties ---

  /**
   * A busy page's worker belongs to something else: it gets no orders, and is left out of runs that start meanwhile.
   * @throws RunRefused while the worker takes part in a run
   */
  setBusy(busy: boolean): void {
    const self = this.#room.selfId
    if (busy && this.#record?.active && (this.#record.members.includes(self) || this.#coordinates))
      throw new RunRefused('This tab takes part in a run of the room. Stop that first.')
    if (busy) this.#stopWorker()
    this.#setBusy(self, busy)
    const profile = this.#profile()
    if (profile) this.#room.broadcast(profile)
    this.#changed()
  }

  onWorker(news: WorkerNews): void {
    if (news.type === 'hello') {
      this.#setBackend(news.backend)
      return
    }
    if (news.run !== this.#ordered?.run || news.run !== this.#record?.status.run) return
    switch (news.type) {
      case 'progress':
        this.#progress = { type: 'progress', stage: news.stage, fraction: news.fraction }
        break
      case 'ready': {
        const { parameters, shards, shardSize, spectralGap } = news
        this.#setBackend(news.backend)
        this.#ordered.facts = { parameters, shards, shardSize, spectralGap }
        this.#reportReady()
        break
      }
      case 'metric':
        this.#takeMetrics(this.#room.selfId, [news.event])
        this.#metrics.push(news.event)
        if (news.event.type === 'finished' || this.#metrics.length >= EVENTS_PER_MESSAGE) this.#sendMetrics()
        break
      case 'paused':
        this.#sendMetrics()
        this.#report({ type: 'paused', step: news.step })
        break
      case 'failed':
        this.#sendMetrics()
        this.#report({ type: 'failed', message: news.message })
        break
      case 'renewView':
        this.#report({ type: 'renewView', message: news.message })
        break
      default:
        news satisfies never
    }
  }

  /** Sends what has gathered and looks at deadlines. To be called up to 4 times a second, from a worker's timer or messages. */
  flush(): void {
    this.#sendMetrics()
    if (this.#progress) {
      const progress = this.#progress
      this.#progress = null
      this.#report(progress)
    }
    this.#reportBeyond()
    const record = this.#record
    if (record?.status.phase === 'preparing' && this.#coordinates) {
      const silent = record.notReady(performance.now() - PREPARE_SILENCE_MS)
      if (silent.length > 0)
        this.#publish({
          phase: 'failed',
          message: `Not ready, and no progress for ${PREPARE_SILENCE_MS / 1000} s: ${silent.join(', ')}. Reload or close such a tab, then start again.`,
        })
    }
    if (this.#dirty) this.#changed()
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#asks.close()
  }

  // --- asking and deciding ---

  get #coordinates(): boolean {
    return this.#record?.coordinatorId === this.#room.selfId
  }

  get #isHost(): boolean {
    return this.#room.getState().hostId === this.#room.selfId
  }

  async #ask(ask: RunAsk): Promise<void> {
    const to = this.#record?.coordinatorId ?? this.#room.getState().hostId
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
    const record = this.#record
    if (!record?.active) return 'There is no run to steer. Start one first.'
    if (!this.#coordinates) return `The run is steered by ${this.#nameOf(record.coordinatorId)} now. Try again.`
    if (ask.type === 'stop') {
      this.#publish({ phase: 'stopped', message: `Stopped by ${this.#nameOf(from)}.` })
      return null
    }
    if (record.status.phase === 'preparing') return 'The run is still being prepared. Wait until it runs.'
    switch (ask.type) {
      case 'pause':
        if (record.status.until === null) this.#publish({ until: record.roundUp(record.maxStep + 1), message: '' })
        return null
      case 'resume':
        this.#publish({ phase: 'running', until: null, message: '' })
        return null
      case 'stepRound':
        this.#publish({ phase: 'running', until: record.roundUp(Math.max(record.maxStep, record.status.until ?? 0) + 1), message: '' })
        return null
      default:
        return ask.type satisfies never
    }
  }

  #decideStart(input: unknown): string | null {
    const { hostId, members } = this.#room.getState()
    if (this.#record?.active) return 'A run is under way. Stop it first.'
    if (hostId !== this.#room.selfId) return `The host of the room is ${this.#nameOf(hostId)} now. Try again.`
    if (this.#busy.has(hostId))
      return `${this.#nameOf(hostId)}, the host of this room, is busy with simulated workers. Stop them there, or wait until they are done.`
    const free = members.filter(({ id, link }) => link === 'open' && !this.#busy.has(id))
    const participants = lineUp(free, this.#assignment).map(({ id, name }) => ({ id, name }))
    if (participants.length === 0) return 'Nobody would train: every tab sits out the next run, or is busy. Let one of them take part.'
    let config: RunConfig
    try {
      config = parseRunConfig({ ...(typeof input === 'object' ? input : {}), workers: participants.length })
    } catch (error) {
      if (error instanceof ConfigError) return error.message
      throw error
    }
    const workers = participants.map(({ id }) => id)
    const view = { number: 1, members: workers }
    const steering = [hostId, ...members.map(({ id }) => id).filter((id) => id !== hostId && workers.includes(id))]
    this.#follow({
      run: bytesToHex(randomBytes(16)),
      number: 0,
      config,
      participants,
      view,
      steering,
      phase: 'preparing',
      until: null,
      message: '',
      facts: null,
    })
    this.#publish({})
    return null
  }

  /** The coordinator's next word. */
  #publish(changes: Partial<RunStatus>): void {
    const record = this.#record as RunRecord
    const status = { ...record.status, ...changes, number: record.status.number + 1 }
    this.#room.broadcast({ type: 'run/status', status } satisfies ClusterMessage)
    this.#follow(status)
  }

  /** The coordinator looks at what has been reported and decides what follows. */
  #consider(): void {
    const record = this.#record
    if (!record || !this.#coordinates) return
    const { phase, until } = record.status
    if (record.failure) this.#publish({ phase: 'failed', message: record.failure })
    else if (phase === 'preparing') {
      if (record.allReady) this.#publish({ phase: 'running' })
    } else if (record.allFinished) this.#publish({ phase: 'finished', until: null })
    else if (until !== null && record.maxBeyond >= until) this.#publish({ until: record.roundUp(record.maxBeyond + 1) })
    else if (phase === 'running' && record.allPaused) this.#publish({ phase: 'paused' })
  }

  // --- following ---

  /** Makes a status hold on this page, and gives the worker its orders. */
  #follow(status: RunStatus): void {
    const self = this.#room.selfId
    if (this.#record?.status.run !== status.run) {
      this.#record = new RunRecord(status, performance.now())
      this.#metrics = []
      this.#progress = null
      this.#stopWorker()
      if (status.phase === 'preparing' && status.view.members.includes(self)) {
        const { run, config, view } = status
        this.#ordered = {
          run,
          went: false,
          viewNumber: view.number,
          until: null,
          stopped: false,
          facts: null,
          reportedReady: false,
          untilSinceMs: 0,
        }
        this.#worker.post({ type: 'prepare', run, config, view, self })
      }
    } else {
      this.#record.status = { ...status, facts: status.facts ?? this.#record.facts }
      this.#orderWorker(status)
    }
    this.#changed()
    this.#consider()
  }

  #orderWorker(status: RunStatus): void {
    const ordered = this.#ordered
    if (!ordered || ordered.run !== status.run || ordered.stopped) return
    if (!status.view.members.includes(this.#room.selfId) || status.phase === 'stopped' || status.phase === 'failed')
      return this.#stopWorker()
    if (status.until !== ordered.until) {
      ordered.until = status.until
      ordered.untilSinceMs = performance.now()
      this.#worker.post({ type: 'runUntil', step: status.until })
    }
    if (!ordered.went && status.phase !== 'preparing') {
      ordered.went = true
      this.#worker.post({ type: 'go' })
    }
    if (status.view.number > ordered.viewNumber) {
      ordered.viewNumber = status.view.number
      this.#worker.post({ type: 'view', view: status.view, message: status.message })
    }
  }

  #stopWorker(): void {
    if (!this.#ordered || this.#ordered.stopped) return
    this.#ordered.stopped = true
    this.#worker.post({ type: 'stop' })
  }

  #onStatus(from: PeerId, status: RunStatus): void {
    const self = this.#room.selfId
    const known = this.#record
    if (status.steering[0] !== from) return void this.#drops.ignored++
    if (known?.status.run === status.run) {
      const rivals = known.active && from !== known.coordinatorId && outranks(status, known.status)
      const cutOff = !status.view.members.includes(self) && (known.orphaned || rivals)
      const newer =
        status.view.number > known.status.view.number ||
        (status.view.number === known.status.view.number && status.number > known.status.number)
      if (cutOff) {
        for (const id of status.steering) known.lost.delete(id)
        known.orphaned = false
        this.#follow(status)
      } else if (from === known.coordinatorId && newer) this.#follow(status)
      else this.#drops.ignored++
      return
    }
    const takesPart = status.phase === 'preparing' && status.view.members.includes(self)
    if (known?.active && known.members.includes(self)) {
      this.#drops.ignored++
      if (takesPart) this.#refuse(from, status.run, 'it is still in another run')
    } else if (takesPart && from !== this.#room.getState().hostId) {
      this.#drops.ignored++
      this.#refuse(from, status.run, 'it knows another host')
    } else if (takesPart && this.#busy.has(self)) {
      this.#drops.ignored++
      this.#refuse(from, status.run, 'it has just become busy with simulated workers; start again without it')
    } else if (known && status.phase !== 'preparing' && status.phase !== 'running' && status.phase !== 'paused') this.#drops.ignored++
    else this.#follow(status)
  }

  #refuse(to: PeerId, run: string, message: string): void {
    this.#room.sendControl(to, { type: 'run/report', run, report: { type: 'failed', message } } satisfies ClusterMessage)
  }

  // --- reports and metrics ---

  #report(report: RunReport): void {
    const record = this.#record
    if (!record) return
    this.#room.broadcast({ type: 'run/report', run: record.status.run, report } satisfies ClusterMessage)
    this.#takeReport(this.#room.selfId, report)
  }

  #takeReport(from: PeerId, report: RunReport): void {
    const record = this.#record
    if (!record?.report(from, report, performance.now())) return void this.#drops.ignored++
    if (report.type === 'renewView' && this.#coordinates)
      this.#publish({ ...record.nextView, message: `${record.nameOf(from)}: ${report.message}` })
    this.#changed()
    this.#consider()
  }

  /** Ready means: the worker listens, and every other one can be reached. */
  #reportReady(): void {
    const ordered = this.#ordered
    const record = this.#record
    if (!ordered?.facts || ordered.reportedReady || ordered.stopped || record?.status.run !== ordered.run) return
    const open = new Set(this.#room.getState().members.flatMap((member) => (member.link === 'open' ? [member.id] : [])))
    if (!record.members.every((id) => open.has(id))) return
    ordered.reportedReady = true
    this.#report({ type: 'ready', facts: ordered.facts })
  }

  /** Tells when this worker was in the next round already as the pause was asked for: the others must finish that round with it. */
  #reportBeyond(): void {
    const record = this.#record
    const own = record?.worker(this.#room.selfId)
    const ordered = this.#ordered
    if (!record?.active || !own || !ordered || ordered.run !== record.status.run || ordered.until === null) return
    if (own.finished || own.step < ordered.until || (own.pausedAt ?? -1) >= ordered.until || own.beyond >= own.step) return
    const { evaluateEvery } = record.status.config
    const evaluates = evaluateEvery > 0 && own.step % evaluateEvery === 0 && own.evaluatedStep < own.step
    const doubtMs = performance.now() - Math.max(ordered.untilSinceMs, own.newsAtMs)
    if (own.step > ordered.until || (!evaluates && doubtMs >= PAUSE_DOUBT_MS)) this.#report({ type: 'beyond', step: own.step })
  }

  #sendMetrics(): void {
    const run = this.#record?.status.run
    while (run && this.#metrics.length > 0)
      this.#room.broadcast({ type: 'run/metrics', run, events: this.#metrics.splice(0, EVENTS_PER_MESSAGE) })
  }

  #takeMetrics(from: PeerId, events: MetricEvent[]): void {
    const record = this.#record
    const taken = events.filter((event) => record?.metric(from, event, performance.now()))
    this.#drops.ignored += events.length - taken.length
    if (taken.length === 0) return
    this.#dirty = true
    this.#metricHandlers.forEach((handler) => handler(taken, from))
    if (taken.some((event) => event.type === 'finished')) {
      this.#changed()
      this.#consider()
    }
  }

  #setBackend(backend: BackendChoice): void {
    this.#backends = { ...this.#backends, [this.#room.selfId]: backend }
    this.#room.broadcast(this.#profile())
    this.#changed()
  }

  #setBusy(id: PeerId, busy: boolean): void {
    if (busy) this.#busy.add(id)
    else this.#busy.delete(id)
  }

  /** What the others should know of this page; null before its worker has said what it computes with. */
  #profile(): ClusterMessage | null {
    const self = this.#room.selfId
    const backend = this.#backends[self]
    return backend ? { type: 'run/profile', backend, busy: this.#busy.has(self) } : null
  }

  // --- the room ---

  #onControl(from: PeerId, body: unknown): void {
    const message = readMessage(body)
    if (!message) return void this.#drops.malformed++
    switch (message.type) {
      case 'run/status':
        this.#onStatus(from, message.status)
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
        if (message.run === this.#record?.status.run) this.#takeReport(from, message.report)
        else this.#drops.ignored++
        break
      case 'run/metrics': {
        const events = message.events.map(readMetricEvent).filter((event) => event !== null)
        this.#drops.malformed += message.events.length - events.length
        if (message.run === this.#record?.status.run) this.#takeMetrics(from, events)
        else this.#drops.ignored += events.length
        break
      }
      case 'run/profile':
        this.#backends = { ...this.#backends, [from]: message.backend }
        this.#setBusy(from, message.busy)
        this.#changed()
        break
      case 'run/assignment':
        if (from !== this.#room.getState().hostId) return void this.#drops.ignored++
        this.#assignment = message.assignment
        this.#changed()
        break
      default:
        message satisfies never
    }
  }

  /** A new host says what it has taken over. Who learns later than that who is host asks for it. */
  #followHost(): void {
    const before = this.#hostId
    const { hostId, selfId } = this.#room.getState()
    this.#hostId = hostId
    if (hostId === null || before === null || hostId === before) return
    if (hostId === selfId) this.#room.broadcast({ type: 'run/assignment', assignment: this.#assignment } satisfies ClusterMessage)
    else this.#room.sendControl(hostId, { type: 'run/sync' } satisfies ClusterMessage)
  }

  /** Tells newcomers what holds. */
  #onRoom(): void {
    const { phase, members } = this.#room.getState()
    if (phase === 'left') return this.#standDown()
    for (const member of members) {
      if (member.self || member.link !== 'open') {
        this.#greeted.delete(member.id)
        continue
      }
      if (this.#greeted.has(member.id)) continue
      this.#greeted.add(member.id)
      const profile = this.#profile()
      if (profile) this.#room.sendControl(member.id, profile)
      this.#tell(member.id)
    }
    this.#followHost()
    this.#reportReady()
  }

  /** This page is out of the room for good: its worker has nobody left to train with. */
  #standDown(): void {
    this.#stopWorker()
    const record = this.#record
    if (record?.active) record.status = { ...record.status, phase: 'stopped', message: 'This tab has left the room.' }
    this.#changed()
  }

  /** What this page has a say in: the run that it coordinates, and as host who takes which rank in the next one. */
  #tell(to: PeerId): void {
    const record = this.#record
    if (record && record.leaderId === this.#room.selfId)
      this.#room.sendControl(to, { type: 'run/status', status: record.status } satisfies ClusterMessage)
    if (this.#isHost) this.#room.sendControl(to, { type: 'run/assignment', assignment: this.#assignment } satisfies ClusterMessage)
  }

  #onLost(id: PeerId, reason: string): void {
    this.#greeted.delete(id)
    const { [id]: _, ...others } = this.#backends
    this.#backends = others
    this.#busy.delete(id)
    this.#asks.lost(id, reason)
    this.#dirty = true
    const record = this.#record
    if (!record?.active || !record.steering.includes(id)) return this.#changed()
    const before = record.coordinatorId
    record.lost.add(id)
    const coordinator = record.coordinatorId
    if (coordinator === null) {
      // nobody else can say so
      record.orphaned = true
      record.status = { ...record.status, phase: 'stopped', message: `${reason} No worker of the run is left.` }
    } else if (coordinator === this.#room.selfId) this.#goOnWithout(record, reason)
    else if (before === id) this.#room.sendControl(coordinator, { type: 'run/sync' } satisfies ClusterMessage)
    this.#changed()
  }

  #goOnWithout(record: RunRecord, reason: string): void {
    const { nextView } = record
    const { length } = nextView.view.members
    if (record.status.phase === 'preparing')
      this.#publish({ ...nextView, phase: 'failed', message: `${reason} The run was still being prepared: start it again.` })
    else this.#publish({ ...nextView, message: `${reason} The run goes on with ${length === 1 ? 'one worker' : `${length} workers`}.` })
  }

  // --- the snapshot ---

  #nameOf(id: PeerId | null): string {
    return this.#room.getState().members.find((member) => member.id === id)?.name ?? 'another tab'
  }

  #changed(): void {
    this.#dirty = false
    this.#state = this.#snapshot()
    this.#stateListeners.forEach((listener) => listener(this.#state))
  }

  #snapshot(): RunState {
    const record = this.#record
    const self = this.#room.selfId
    if (!record)
      return {
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
        backends: this.#backends,
        busy: [...this.#busy],
        assignment: this.#assignment,
      }
    const { run, config, view, phase, until, message, facts } = record.status
    return {
      phase,
      run,
      config,
      view,
      coordinatorId: record.coordinatorId,
      participates: this.#ordered?.run === run && view.members.includes(self),
      seats: record.seats(self),
      until,
      message,
      facts,
      backends: this.#backends,
      busy: [...this.#busy],
      assignment: this.#assignment,
    }
  }
}

/** Of two groups that lost each other, the larger one's run counts; of equal ones that of the lowest seat. */
function outranks(a: RunStatus, b: RunStatus): boolean {
  if (a.view.members.length !== b.view.members.length) return a.view.members.length > b.view.members.length
  // a host that sits out has none, and comes first
  const seat = ([id]: PeerId[]) => a.participants.findIndex((participant) => participant.id === id)
  return seat(a.steering) < seat(b.steering)
}

function added<T>(set: Set<T>, item: T): () => void {
  set.add(item)
  return () => set.delete(item)
}
