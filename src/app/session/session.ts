import { RunCoordinator } from '../../cluster/index.ts'
import { draftOf, type RunConfig, type RunConfigInput } from '../../engine/index.ts'
import { joinRoom, type Room } from '../../p2p/index.ts'
import type { LabActions } from '../actions.ts'
import { checkRun } from '../form/check-run.ts'
import { addToLog, useLab } from '../store.ts'
import { parseUrl } from '../url-state.ts'
import type { WorkerCommand, WorkerEvent } from '../worker/protocol.ts'
import { keepAddress } from './address.ts'
import { prepareArchive, watchDatasets } from './data-sets.ts'
import { MetricsIntake } from './metrics-intake.ts'
import { Names, storedName } from './names.ts'
import { narrate } from './narrator.ts'
import { pageTitle } from './page-title.ts'
import { keepEqual, linkView, roomView, runView } from './room-view.ts'
import { SentBytes } from './sent-bytes.ts'

const FLUSH_MS = 250

export interface Session {
  actions: LabActions
  coordinator: RunCoordinator
}

/** Joins the room, starts the training worker, and connects both with the store. Once per page. */
export function startSession(): Session {
  const address = new URL(location.href)
  const { draft, room: name, secret, peerServer, problems } = parseUrl(address)
  useLab.setState({ draft, urlProblems: problems })
  useLab.setState(({ room }) => ({ room: { ...room, name, secret } }))
  narrate()
  keepAddress({ room: name, secret })
  watchDatasets(address)

  const worker = new Worker(new URL('../worker/training-worker.ts', import.meta.url), { type: 'module' })
  const post = (command: WorkerCommand, transfer: Transferable[] = []) => worker.postMessage(command, transfer)
  const room = joinRoom({ room: name, secret, name: storedName(), server: { ...peerServer, key: 'peerjs' }, iceServers: [] })
  const datasetsUrl = new URL('datasets/', address).href
  const sentBytes = new SentBytes(room)
  const coordinator = new RunCoordinator(room, {
    post(order) {
      if (order.type === 'go') sentBytes.begin()
      post(order.type === 'prepare' ? { ...order, datasetsUrl } : order)
    },
  })
  room.onFrame((from, message) => post({ type: 'frame', from, message }, [message]))
  listenToWorker(worker, room, coordinator, sentBytes)
  showRun(room, coordinator)

  const names = new Names(room, showRoom)
  function showRoom() {
    const view = roomView(room.getState(), coordinator.getState(), names, { name, secret })
    useLab.setState(({ room: before }) => ({ room: keepEqual(before, { ...view, links: before.links }) }))
  }
  room.subscribe(showRoom)
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
  return { actions: actionsOf(room, coordinator, names), coordinator }
}

function listenToWorker(worker: Worker, room: Room, coordinator: RunCoordinator, sentBytes: SentBytes): void {
  let flushedAtMs = 0
  const flush = () => {
    if (performance.now() - flushedAtMs < FLUSH_MS) return
    flushedAtMs = performance.now()
    coordinator.flush()
  }
  worker.onmessage = ({ data }: MessageEvent<WorkerEvent>) => {
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
      case 'failed':
        coordinator.onWorker(data)
        break
      default:
        data satisfies never
    }
    flush()
  }
  worker.onerror = ({ message }) => {
    const text = `The training worker broke down: ${message || 'its script could not be loaded'}. Reload this tab.`
    addToLog('error', text)
    const { run } = coordinator.getState()
    if (run) coordinator.onWorker({ type: 'failed', run, message: text })
  }
}

function showLinks(room: Room): void {
  const links = linkView(room.links())
  useLab.setState(({ room: before }) => ({ room: keepEqual(before, { ...before, links }) }))
}

/** Keeps run and metrics in the store. */
function showRun(room: Room, coordinator: RunCoordinator): void {
  const intake = new MetricsIntake()
  coordinator.onMetrics((events) => {
    for (const event of events) intake.take(event)
  })
  coordinator.subscribe((snapshot) => {
    const before = useLab.getState().run
    const run = keepEqual(before, runView(snapshot))
    if (run === before) return
    if (run && run.id !== before?.id) {
      intake.reset()
      showInForm(run.config)
    }
    useLab.setState({ run })
    if (run && run.phase !== before?.phase) {
      intake.tell()
      showLinks(room)
    }
  })
}

/** Whoever started a run: the form shows what is running. What was typed stays where it means the same. */
function showInForm(config: RunConfig): void {
  const { draft } = useLab.getState()
  const typed = checkRun(draft, 1).config
  if (typed && JSON.stringify({ ...typed, workers: config.workers }) === JSON.stringify(config)) return
  const { workers: _, ...shown } = draftOf(config)
  useLab.setState({ draft: shown })
}

function actionsOf(room: Room, coordinator: RunCoordinator, names: Names): LabActions {
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
  return {
    start: (config: RunConfigInput) => tell(coordinator.start(config)),
    pause: () => quietly(coordinator.pause()),
    resume: () => quietly(coordinator.resume()),
    stepRound: () => quietly(coordinator.stepRound()),
    stop: () => quietly(coordinator.stop()),
    reset() {
      coordinator.reset()
      useLab.setState({ draft: {}, urlProblems: [] })
    },
    rename: (text) => names.rename(text),
    setLocked(locked) {
      quietly(Promise.resolve().then(() => room.setLocked(locked)))
    },
    prepareArchive,
  }
}
