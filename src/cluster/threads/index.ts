export { serveThread } from './serve-thread.ts'
export { simulateInThreads, type ThreadedSimulationOptions } from './simulate-in-threads.ts'
export type { SimulationThread, StartThread } from './thread-link.ts'
