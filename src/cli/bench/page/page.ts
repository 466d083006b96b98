import { createBenchPort } from './port.ts'

Object.assign(globalThis, { bench: createBenchPort() })
