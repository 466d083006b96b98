/** A tick that comes later than this after the one before tells that this page slept. */
const STALL_MS = 4_000
const KEEP_ALIVE_EVERY_MS = 5_000

/** What a tick every second tells. */
export class Pulse {
  #tickedAtMs = performance.now()
  #keptAliveAtMs = performance.now()

  /** `stalled`: this page itself slept, so nobody's silence proves anything. `keepAlive`: it is time for a sign of life to the server. */
  beat(nowMs: number): { stalled: boolean; keepAlive: boolean } {
    const stalled = nowMs - this.#tickedAtMs > STALL_MS
    this.#tickedAtMs = nowMs
    const keepAlive = nowMs - this.#keptAliveAtMs >= KEEP_ALIVE_EVERY_MS
    if (keepAlive) this.#keptAliveAtMs = nowMs
    return { stalled, keepAlive }
  }
}
