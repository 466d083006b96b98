import { createMember, type Member } from '../../cluster/index.ts'
import { type Backend, browserDatasets, chooseBackend, openBackend, type RunConfig } from '../../engine/index.ts'
import type { PeerId, Transport } from '../../p2p/index.ts'
import type { WorkerCommand, WorkerEvent } from './protocol.ts'

/** The heartbeat of the page: a worker's timers run on when the page is hidden. */
const TICK_MS = 1_000

/** A prepared run and its end of the wire. */
interface Current {
  run: string
  member: Member | null
  receive: ((from: PeerId, message: ArrayBuffer) => void) | null
  training: Promise<void>
}

type PrepareCommand = Extract<WorkerCommand, { type: 'prepare' }>

let current: Current | null = null
let backend: Backend | null = null
/** commands that take time follow each other */
let queue: Promise<void> = Promise.resolve()

function post(event: WorkerEvent, transfer: Transferable[] = []): void {
  self.postMessage(event, { transfer })
}

self.onmessage = ({ data }: MessageEvent<WorkerCommand>) => {
  switch (data.type) {
    case 'prepare':
      replaceBy(data)
      break
    case 'go':
      if (current?.member) current.training = train(current.run, current.member)
      break
    case 'frame':
      current?.receive?.(data.from, data.message)
      break
    case 'view':
      current?.member?.changeView(data.view, data.message)
      break
    case 'runUntil':
      current?.member?.runUntil(data.step)
      break
    case 'stop':
      current?.member?.stop()
      break
    default:
      data satisfies never
  }
}

function replaceBy(command: PrepareCommand): void {
  const previous = current
  const place: Current = { run: command.run, member: null, receive: null, training: Promise.resolve() }
  current = place
  previous?.member?.stop()
  queue = queue.then(async () => {
    await previous?.training
    previous?.member?.dispose()
    if (current === place) await prepare(command, place)
  })
}

async function prepare(command: PrepareCommand, place: Current): Promise<void> {
  const { run, config, view, self: own, datasetsUrl } = command
  try {
    const opened = await open(config)
    const transport: Transport = {
      send: (to, message) => post({ type: 'frame', to, message }, [message]),
      onMessage(handler) {
        place.receive = handler
      },
    }
    const member = await createMember({
      run,
      config,
      self: own,
      view,
      transport,
      openDataset: browserDatasets(datasetsUrl),
      backend: opened,
      onEvent: (event) => post({ type: 'metric', run, event }),
      onPaused: (step) => post({ type: 'paused', run, step }),
      onProgress: (stage, fraction) => post({ type: 'progress', run, stage, fraction }),
    })
    // Another run may have been prepared meanwhile.
    if (current !== place) return member.dispose()
    place.member = member
    const { parameters, shards, shardSize, spectralGap } = member
    post({ type: 'ready', run, backend: opened.choice, parameters, shards, shardSize, spectralGap })
  } catch (error) {
    fail(run, error)
  }
}

async function open(config: RunConfig): Promise<Backend> {
  const choice = await chooseBackend(config.backend)
  if (backend?.choice.name !== choice.name) backend = await openBackend(choice)
  return { ...backend, choice }
}

async function train(run: string, member: Member): Promise<void> {
  try {
    await member.run()
  } catch (error) {
    fail(run, error)
  }
}

function fail(run: string, error: unknown): void {
  post({ type: 'failed', run, message: error instanceof Error ? error.message : String(error) })
}

setInterval(() => post({ type: 'tick' }), TICK_MS)
void chooseBackend('auto').then((choice) => post({ type: 'hello', backend: choice }))
