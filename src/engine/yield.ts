/**
 * Lets waiting messages be handled. A step on wasm computes without giving way, and timers are clamped or, in hidden pages,
 * throttled; a message to oneself is neither.
 */
export const yieldToMessages: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => {
            port1.close()
            resolve()
          }
          port2.postMessage(null)
        })
