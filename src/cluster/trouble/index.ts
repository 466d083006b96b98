export { lossyTransport } from './lossy-transport.ts'
export { stragglingBackend } from './straggling-backend.ts'
export { noTrouble, type Trouble } from './trouble.ts'
