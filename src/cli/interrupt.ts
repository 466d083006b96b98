/** Fires when the user presses Ctrl-C or the process is asked to end; a second Ctrl-C ends it at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      process.stderr.write('\nStopping; Ctrl-C again ends at once.\n')
      controller.abort(new Interrupted())
    })
  return controller.signal
}

export class Interrupted extends Error {
  readonly kind = 'interrupted'
  constructor() {
    super('Interrupted.')
  }
}
