import { LabError, type MetricEvent } from '../../engine/index.ts'
import type { ThreadCommand, ThreadEvent } from './protocol.ts'

/** A thread in which serveThread listens at the other end of the port. */
export interface SimulationThread {
  port: MessagePort
  /** Gives back what the thread has, whatever it does. */
  end(): void | Promise<void>
}

/** Starts one; `onBroken` is told when it ends by itself. */
export type StartThread = (onBroken: (error: Error) => void) => SimulationThread

type Ready = Extract<ThreadEvent, { type: 'ready' }>
type Ended = Extract<ThreadEvent, { type: 'ended' }>

/** This side of a thread: what it says, as promises. Both reject with what fails in it. */
export interface ThreadLink {
  ready: Promise<Ready>
  ended: Promise<Ended>
  post(command: ThreadCommand, transfer?: Transferable[]): void
  end(): void | Promise<void>
}

interface ThreadListener {
  onEvents(events: MetricEvent[]): void
  onProgress(stage: string, fraction: number): void
}

export function linkThread(start: StartThread, listener: ThreadListener): ThreadLink {
  const ready = deferred<Ready>()
  const ended = deferred<Ended>()
  const fail = (error: Error) => {
    ready.reject(error)
    ended.reject(error)
  }
  const { port, end } = start(fail)
  port.onmessage = ({ data }: MessageEvent<ThreadEvent>) => {
    switch (data.type) {
      case 'progress':
        listener.onProgress(data.stage, data.fraction)
        break
      case 'ready':
        ready.resolve(data)
        break
      case 'metrics':
        listener.onEvents(data.events)
        break
      case 'ended':
        ended.resolve(data)
        break
      case 'failed':
        fail(errorOf(data))
        break
      default:
        data satisfies never
    }
  }
  return { ready: ready.promise, ended: ended.promise, post: (command, transfer = []) => port.postMessage(command, transfer), end }
}

/** An error as it was in the thread: cloning would leave a plain one. */
function errorOf({ kind, message, stack }: Extract<ThreadEvent, { type: 'failed' }>): Error {
  return Object.assign(kind ? new LabError(kind, message) : new Error(message), { stack })
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  // A thread may break when nobody waits for it: whoever does later is told.
  promise.catch(() => {})
  return { promise, resolve, reject }
}
