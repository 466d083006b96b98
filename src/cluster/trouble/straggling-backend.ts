import type { Backend } from '../../engine/index.ts'
import type { Trouble } from './trouble.ts'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The backend, slower: each gradient waits first, for as long as the trouble says then. */
export function stragglingBackend(backend: Backend, trouble: () => Trouble): Backend {
  const { reopen } = backend
  return {
    ...backend,
    reopen: reopen && (async () => stragglingBackend(await reopen(), trouble)),
    runner(model) {
      const runner = backend.runner(model)
      return {
        ...runner,
        async gradient(at, batch, into) {
          const { slowMs } = trouble()
          if (slowMs > 0) await sleep(slowMs)
          await runner.gradient(at, batch, into)
        },
      }
    },
  }
}
