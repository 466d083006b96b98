import {
  createMember,
  createSimulation,
  lossyTransport,
  type Member,
  type MemberOptions,
  noTrouble,
  stragglingBackend,
  type Training,
} from '../../cluster/index.ts'
import { type Backend, browserDatasets, chooseBackend, openBackend, type RunConfig } from '../../engine/index.ts'
import type { PeerId, Transport } from '../../p2p/index.ts'
import type { WorkerCommand, WorkerEvent } from './protocol.ts'

/** The heartbeat of the page: a worker's timers run on when the page is hidden. */
const TICK_MS = 1_000

/** A run, from the order to prepare it on. */
interface Current {
  run: string
  /** null while it is being prepared */
  training: Training | null
  /** aborted when the run is stopped */
  stopping: AbortController
  /** settles when training has ended */
  ended: Promise<void>
  /** of a member of a room's run: its end of the wire */
  receive: ((from: PeerId, message: ArrayBuffer) => void) | null
  changeView: Member['changeView'] | null
}

type MemberCommand = Extract<WorkerCommand, { type: 'prepare' }>
type PrepareCommand = MemberCommand | Extract<WorkerCommand, { type: 'simulate' }>
type SharedOptions = Omit<MemberOptions, 'self' | 'view' | 'transport' | 'renewView'>

let current: Current | null = null
let backend: Backend | null = null
let trouble = noTrouble
/** commands that take time follow each other */
let queue: Promise<void> = Promise.resolve()

function post(event: WorkerEvent, transfer: Transferable[] = []): void {
  self.postMessage(event, { transfer })
}

self.onmessage = ({ data }: MessageEvent<WorkerCommand>) => {
  switch (data.type) {
    case 'prepare':
    case 'simulate':
      replaceBy(data)
      break
    case 'go':
      if (current?.training) current.ended = train(current.run, current.training)
      break
    case 'frame':
      current?.receive?.(data.from, data.message)
      break
    case 'view':
      current?.changeView?.(data.view, data.message)
      break
    case 'runUntil':
      current?.training?.runUntil(data.step)
      break
    case 'stop':
      if (current) stop(current)
      break
    case 'trouble':
      trouble = data.trouble
      break
    default:
      data satisfies never
  }
}

function replaceBy(command: PrepareCommand): void {
  const previous = current
  const place: Current = {
    run: command.run,
    training: null,
    stopping: new AbortController(),
    ended: Promise.resolve(),
    receive: null,
    changeView: null,
  }
  current = place
  if (previous) stop(previous)
  queue = queue.then(async () => {
    await previous?.ended
    previous?.training?.dispose()
    if (current === place) await prepare(command, place)
  })
}

function stop(place: Current): void {
  place.stopping.abort()
  place.training?.stop()
}

async function prepare(command: PrepareCommand, place: Current): Promise<void> {
  const { run, config, datasetsUrl } = command
  try {
    const opened = await open(config)
    const shared: SharedOptions = {
      run,
      config,
      openDataset: browserDatasets(datasetsUrl),
      backend: opened,
      onEvent: (event) => post({ type: 'metric', run, event }),
      onInsight: (insight) => post({ type: 'insight', run, insight }),
      onPaused: (step) => post({ type: 'paused', run, step }),
      onProgress: (stage, fraction) => post({ type: 'progress', run, stage, fraction }),
    }
    const training =
      command.type === 'simulate'
        ? await createSimulation({ ...shared, signal: place.stopping.signal })
        : await prepareMember(command, place, shared)
    // Another run may have been prepared meanwhile.
    if (current !== place) return training.dispose()
    place.training = training
    const { parameters, shards, shardSize, spectralGap, selfTest } = training
    post({ type: 'ready', run, backend: { ...opened.choice, selfTest }, parameters, shards, shardSize, spectralGap })
  } catch (error) {
    fail(run, error)
  }
}

async function prepareMember({ self: own, view }: MemberCommand, place: Current, shared: SharedOptions): Promise<Member> {
  const transport: Transport = {
    send: (to, message) => post({ type: 'frame', to, message }, [message]),
    onMessage(handler) {
      place.receive = handler
    },
  }
  const member = await createMember({
    ...shared,
    backend: stragglingBackend(shared.backend, () => trouble),
    self: own,
    view,
    transport: lossyTransport(transport, () => trouble),
    renewView: (message) => post({ type: 'renewView', run: shared.run, message }),
  })
  place.changeView = (view, message) => member.changeView(view, message)
  return member
}

async function open(config: RunConfig): Promise<Backend> {
  const choice = await chooseBackend(config.backend)
  if (backend?.choice.name !== choice.name || !backend.usable()) backend = await openBackend(choice)
  return { ...backend, choice }
}

async function train(run: string, training: Training): Promise<void> {
  try {
    await training.run()
  } catch (error) {
    fail(run, error)
  }
}

function fail(run: string, error: unknown): void {
  post({ type: 'failed', run, message: error instanceof Error ? error.message : String(error) })
}

setInterval(() => post({ type: 'tick' }), TICK_MS)
void chooseBackend('auto').then((choice) => post({ type: 'hello', backend: choice }))
