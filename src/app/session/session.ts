import { RunCoordinator, type Trouble } from '../../cluster/index.ts'
import { parseRunConfig, type RunConfigInput } from '../../engine/index.ts'
import { joinRoom, type Room } from '../../p2p/index.ts'
import type { LabActions } from '../actions.ts'
import { connectionOf } from '../connection.ts'
import { takeInsight } from '../insight/insight-store.ts'
import { enterStep } from '../lessons/visit.ts'
import { leaveReplay } from '../runs/replay.ts'
import { addToLog, useLab } from '../store.ts'
import { texts } from '../texts/index.ts'
import { parseUrl } from '../url-state.ts'
import type { WorkerCommand, WorkerEvent } from '../worker/protocol.ts'
import { keepAddress, writeSecret } from './address.ts'
import { prepareArchive, watchDatasets } from './data-sets.ts'
import { keepRuns } from './keep-runs.ts'
import { Names, storedName } from './names.ts'
import { narrate } from './narrator.ts'
import { pageTitle } from './page-title.ts'
import { privateRoom } from './private-room.ts'
import { keepEqual, linkView, roomView } from './room-view.ts'
import { keepRunOnScreen } from './run-on-screen.ts'
import { SentBytes } from './sent-bytes.ts'
import { loadSettings } from './settings.ts'
import { SimulatedRun } from './simulated-run.ts'

const FLUSH_MS = 250

/** False in browsers without WebRTC. */
const canReachOthers = typeof RTCPeerConnection === 'function'

export interface Session {
  actions: LabActions
  room: Room
}

/** Joins the room, starts the training worker, and connects both with the store. Once per page. */
export async function startSession(): Promise<Session> {
  const address = new URL(location.href)
  const settings = await loadSettings(address)
  const { server, own, iceServers, problems } = connectionOf(address, settings)
  const { draft, simulated, lesson, ...asked } = parseUrl(address)
  const { room: name, secret } = privateRoom(asked, own)
  if (secret !== asked.secret) writeSecret(address, secret)
  const meeting = { through: own ? null : server.host, address: settings.address }
  if (lesson) enterStep(lesson)
  useLab.setState({ draft, simulated: simulated || !canReachOthers, meeting, urlProblems: [...asked.problems, ...problems] })
  useLab.setState(({ room }) => ({ room: { ...room, name, secret } }))
  narrate()
  keepRuns()
  keepAddress({ room: name, secret })
  watchDatasets(address)

  const worker = new Worker(new URL('../worker/training-worker.ts', import.meta.url), { type: 'module' })
  const post = (command: WorkerCommand, transfer: Transferable[] = []) => worker.postMessage(command, transfer)
  const room = joinRoom({
    room: name,
    secret,
    name: storedName(),
    server: { ...server, key: 'peerjs' },
    iceServers,
    storage: sessionStorage,
  })
  const datasetsUrl = new URL('datasets/', address).href
  const sentBytes = new SentBytes(room)
  const coordinator = new RunCoordinator(room, {
    post(order) {
      if (order.type === 'go') sentBytes.begin()
      post(order.type === 'prepare' ? { ...order, datasetsUrl } : order)
    },
  })
  room.onFrame((from, message) => post({ type: 'frame', from, message }, [message]))
  const simulation = new SimulatedRun({ post, datasetsUrl, setBusy: (busy) => coordinator.setBusy(busy) })
  listenToWorker(worker, room, coordinator, simulation, sentBytes)
  keepRunOnScreen(coordinator, simulation, () => showLinks(room))

  const names = new Names(room, showRoom)
  function showRoom() {
    const view = roomView(room.getState(), coordinator.getState(), names, { name, secret })
    const message = canReachOthers ? view.message : texts.noWebRtc
    useLab.setState(({ room: before }) => ({ room: keepEqual(before, { ...view, message, links: before.links }) }))
  }
  room.subscribe(showRoom)
  room.onOverstep((sentence) => addToLog('warning', sentence))
  coordinator.subscribe(showRoom)
  showRoom()

  useLab.subscribe((state) => {
    const title = pageTitle(state)
    if (document.title !== title) document.title = title
  })
  room.setHidden(document.hidden)
  document.addEventListener('visibilitychange', () => room.setHidden(document.hidden))
  window.addEventListener('pagehide', () => room.leave())
  // A page that comes back from the browser's cache has left its room.
  window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
  const misbehave = (trouble: Trouble) => {
    useLab.setState({ trouble })
    post({ type: 'trouble', trouble })
  }
  return { actions: { ...actionsOf(room, coordinator, simulation, names), misbehave }, room }
}

function listenToWorker(worker: Worker, room: Room, coordinator: RunCoordinator, simulation: SimulatedRun, sentBytes: SentBytes): void {
  let flushedAtMs = 0
  const flush = () => {
    if (performance.now() - flushedAtMs < FLUSH_MS) return
    flushedAtMs = performance.now()
    coordinator.flush()
  }
  const take = (data: WorkerEvent) => {
    if (data.type === 'insight') return takeInsight(data.run, data.insight)
    if ('run' in data && data.run === simulation.getState()?.id) return simulation.onWorker(data)
    switch (data.type) {
      case 'frame':
        room.sendFrame(data.to, data.message)
        break
      case 'tick':
        room.tick()
        showLinks(room)
        useLab.setState({ nowMs: Date.now() })
        break
      case 'metric':
        coordinator.onWorker({ ...data, event: sentBytes.complete(data.event) })
        break
      case 'hello':
      case 'progress':
      case 'ready':
      case 'paused':
      case 'renewView':
      case 'failed':
        coordinator.onWorker(data)
        break
      default:
        data satisfies never
    }
  }
  worker.onmessage = ({ data }: MessageEvent<WorkerEvent>) => {
    take(data)
    flush()
  }
  worker.onerror = ({ message }) => {
    const text = `The training worker broke down: ${message || 'its script could not be loaded'}. Reload this tab.`
    addToLog('error', text)
    const { run } = coordinator.getState()
    if (run) coordinator.onWorker({ type: 'failed', run, message: text })
    const simulated = simulation.getState()
    if (simulated) simulation.onWorker({ type: 'failed', run: simulated.id, message: text })
  }
}

function showLinks(room: Room): void {
  const links = linkView(room.links())
  useLab.setState(({ room: before }) => ({ room: keepEqual(before, { ...before, links }) }))
}

function actionsOf(room: Room, coordinator: RunCoordinator, simulation: SimulatedRun, names: Names): Omit<LabActions, 'misbehave'> {
  /** Why something was refused is told to the user; a caller may also want to know. */
  const tell = async (asked: Promise<void>) => {
    try {
      await asked
    } catch (error) {
      addToLog('warning', error instanceof Error ? error.message : String(error))
      throw error
    }
  }
  const quietly = (asked: Promise<void>) => void tell(asked).catch(() => {})
  const steer = (order: 'pause' | 'resume' | 'stepRound' | 'stop') =>
    quietly((async () => (simulation.active ? simulation : coordinator)[order]())())
  const simulate = async (config: RunConfigInput) => simulation.start(parseRunConfig(config))
  return {
    start: (config) => tell(coordinator.start(config)),
    simulate: (config) => tell(simulate(config)),
    pause: () => steer('pause'),
    resume: () => steer('resume'),
    stepRound: () => steer('stepRound'),
    stop: () => steer('stop'),
    reset() {
      leaveReplay()
      coordinator.reset()
      simulation.forget()
      useLab.setState({ draft: {}, simulated: false, urlProblems: [], earlier: [] })
      const { lesson } = useLab.getState()
      if (lesson) enterStep(lesson)
    },
    rename: (text) => names.rename(text),
    setLocked(locked) {
      quietly(Promise.resolve().then(() => room.setLocked(locked)))
    },
    assign(assignment) {
      quietly(Promise.resolve().then(() => coordinator.assign(assignment)))
    },
    removeTab(id) {
      quietly(Promise.resolve().then(() => room.dismiss(id)))
    },
    makeHost(id) {
      quietly(Promise.resolve().then(() => room.handOver(id)))
    },
    comeBack: () => location.reload(),
    prepareArchive,
  }
}
