import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { crc32 } from './crc32.ts'
import type { PeerId } from './types.ts'

/*
 * How long a simulated network would take. Nothing really waits: each worker has a clock, and each message an arrival time.
 *
 *  - Computing moves a worker's clock by what the caller says (advance).
 *  - Sending does not: the worker's uplink takes its messages one after the other, each for its bits / bitsPerSecond of the link.
 *        left    = max(the sender's clock, uplink free) + bits / bitsPerSecond;   uplink free = left
 *        arrival = left + latency + losses * (retransmission timeout + bits / bitsPerSecond)
 *    and never before the arrival of an earlier message on the same link. Each attempt is lost with probability lossRate; attempts after
 *    the first do not hold up the uplink's other messages.
 *  - A wait moves a worker's clock to the time at which the last message that it needed is in. Needed messages come down in order of
 *    arrival:  in = max(arrival, the downlink's last `in` + bits / downBitsPerSecond), so one alone is in as it arrives.
 *
 * Bits are those of the message and its chunk headers; what UDP, DTLS and SCTP add is not in them. A wait for a worker that computes
 * longer counts as communicating.
 */

/** A link, in the direction from its sender. Every value left out costs nothing. */
export interface LinkModel {
  latencyMs?: number
  /** of the sender's uplink, while it sends on this link */
  bitsPerSecond?: number
  /** of the receiver's downlink */
  downBitsPerSecond?: number
  /** chance of a message, and of each repetition, to be lost; below 1 */
  lossRate?: number
  /** after which a lost message is sent again; default 200 */
  retransmissionTimeoutMs?: number
}

const DEFAULT_RETRANSMISSION_TIMEOUT_MS = 200

/** One worker's simulated time. */
export interface SimulatedClock {
  /** since the start */
  readonly seconds: number
  /** of these, advanced by the caller */
  readonly computingSeconds: number
  /** of these, waited for messages */
  readonly communicatingSeconds: number
  /** The worker computes for so long. Throws RangeError for a negative or infinite time. */
  advance(seconds: number): void
}

/** A message under way, or arrived. */
export interface Arrival {
  seconds: number
  /** how long it takes the receiver's downlink */
  downSeconds: number
}

/** One worker's clock, uplink and downlink. */
export class SimulatedPeer implements SimulatedClock {
  computingSeconds = 0
  communicatingSeconds = 0
  private uplinkFreeSeconds = 0
  private lastInSeconds = 0
  private readonly links = new Map<PeerId, SimulatedLink>()

  constructor(
    private readonly self: PeerId,
    private readonly modelOf: (from: PeerId, to: PeerId) => LinkModel,
    private readonly seed: number,
  ) {}

  get seconds(): number {
    return this.computingSeconds + this.communicatingSeconds
  }

  advance(seconds: number): void {
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY))
      throw new RangeError(`expected a time of 0 seconds or more to compute for, got ${seconds}`)
    this.computingSeconds += seconds
  }

  /** Sends a message now. */
  send(to: PeerId, bytes: number): Arrival {
    let link = this.links.get(to)
    if (!link) {
      link = new SimulatedLink(this.modelOf(this.self, to), crc32(new TextEncoder().encode(JSON.stringify([this.seed, this.self, to]))))
      this.links.set(to, link)
    }
    this.uplinkFreeSeconds = Math.max(this.seconds, this.uplinkFreeSeconds) + link.sendingSeconds(bytes)
    return link.arrive(this.uplinkFreeSeconds, bytes)
  }

  /** A wait for these messages is over. */
  receive(arrivals: readonly Arrival[]): void {
    if (arrivals.length === 0) return
    for (const { seconds, downSeconds } of [...arrivals].sort((a, b) => a.seconds - b.seconds))
      this.lastInSeconds = Math.max(seconds, this.lastInSeconds + downSeconds)
    this.communicatingSeconds += Math.max(0, this.lastInSeconds - this.seconds)
  }
}

class SimulatedLink {
  private readonly model: Required<LinkModel>
  private readonly random: ReturnType<typeof xoroshiro128plus>
  private lastArrivalSeconds = 0

  constructor(model: LinkModel, seed: number) {
    this.model = {
      latencyMs: model.latencyMs ?? 0,
      bitsPerSecond: model.bitsPerSecond ?? Number.POSITIVE_INFINITY,
      downBitsPerSecond: model.downBitsPerSecond ?? Number.POSITIVE_INFINITY,
      lossRate: model.lossRate ?? 0,
      retransmissionTimeoutMs: model.retransmissionTimeoutMs ?? DEFAULT_RETRANSMISSION_TIMEOUT_MS,
    }
    const { latencyMs, bitsPerSecond, downBitsPerSecond, lossRate, retransmissionTimeoutMs } = this.model
    if (!(latencyMs >= 0 && bitsPerSecond > 0 && downBitsPerSecond > 0 && lossRate >= 0 && lossRate < 1 && retransmissionTimeoutMs >= 0))
      throw new RangeError(
        `expected latencyMs and retransmissionTimeoutMs of 0 or more, rates above 0 and a lossRate from 0 to below 1, got ${JSON.stringify(model)}`,
      )
    this.random = xoroshiro128plus(seed | 0)
  }

  sendingSeconds(bytes: number): number {
    return (8 * bytes) / this.model.bitsPerSecond
  }

  arrive(leftSeconds: number, bytes: number): Arrival {
    const { latencyMs, downBitsPerSecond, lossRate, retransmissionTimeoutMs } = this.model
    let seconds = leftSeconds + latencyMs / 1000
    while (lossRate > 0 && uniformFloat64(this.random) < lossRate) seconds += retransmissionTimeoutMs / 1000 + this.sendingSeconds(bytes)
    this.lastArrivalSeconds = Math.max(seconds, this.lastArrivalSeconds)
    return { seconds: this.lastArrivalSeconds, downSeconds: (8 * bytes) / downBitsPerSecond }
  }
}
