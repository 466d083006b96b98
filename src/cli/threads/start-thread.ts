import { type MessagePort as NodePort, Worker } from 'node:worker_threads'
import type { SimulationThread } from '../../cluster/index.ts'

const entry = new URL('../../../scripts/simulation-thread.mjs', import.meta.url)

/** Starts a thread of Node that runs simulation-thread.ts. */
export function startThread(onBroken: (error: Error) => void): SimulationThread {
  const { port1, port2 } = new MessageChannel()
  // Node's port is the web's, but its types say otherwise.
  const worker = new Worker(entry, { workerData: port2, transferList: [port2 as unknown as NodePort] })
  worker.on('error', onBroken)
  worker.on('exit', (code) => onBroken(new Error(`a thread of the simulation ended by itself, with code ${code}`)))
  return {
    port: port1,
    async end() {
      port1.close()
      await worker.terminate()
    },
  }
}
