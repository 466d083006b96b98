// A thread of `lab simulate`. TypeScript is loaded as in run-lab.mjs: what was registered there does not hold in threads.
import { register } from 'tsx/esm/api'

register()
await import('../src/cli/threads/simulation-thread.ts')
