import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { CHUNK_HEADER_BYTES, cutIntoChunks, DEFAULT_CHUNK_BYTES, framingBytes, type MessageKind } from './chunks.ts'
import { encodeFrame } from './frame.ts'
import { totalBytes, zeroBytes, zeroPayload } from './ledger.ts'
import { Link, type LinkChannel, LinkError, type LinkOptions } from './link.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

/** A data channel that hands over, a few chunks a turn, to `deliver`, and whose buffer is limited as Chromium's is. */
class FakeChannel implements LinkChannel {
  readyState: RTCDataChannelState = 'open'
  bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  highestBufferedAmount = 0
  deliver: (data: ArrayBuffer) => void = () => {}
  private readonly queue: ArrayBuffer[] = []
  private readonly listeners = new Map<string, Set<() => void>>()

  constructor(private readonly capacityBytes = 2 ** 21) {}

  send(data: ArrayBuffer): void {
    if (this.bufferedAmount + data.byteLength > this.capacityBytes) throw new Error('the send queue is full')
    this.queue.push(data)
    this.bufferedAmount += data.byteLength
    this.highestBufferedAmount = Math.max(this.highestBufferedAmount, this.bufferedAmount)
  }

  addEventListener(type: string, listener: () => void): void {
    this.listeners.set(type, (this.listeners.get(type) ?? new Set()).add(listener))
  }

  removeEventListener(type: string, listener: () => void): void {
    this.listeners.get(type)?.delete(listener)
  }

  listenerCount(): number {
    return [...this.listeners.values()].reduce((sum, { size }) => sum + size, 0)
  }

  emit(type: string): void {
    for (const listener of this.listeners.get(type) ?? []) listener()
  }

  /** Takes one chunk off the buffer; says whether there was one. */
  turn(): boolean {
    const data = this.queue.shift()
    if (!data) return false
    const wasAbove = this.bufferedAmount > this.bufferedAmountLowThreshold
    this.bufferedAmount -= data.byteLength
    this.deliver(data)
    if (wasAbove && this.bufferedAmount <= this.bufferedAmountLowThreshold) this.emit('bufferedamountlow')
    return true
  }
}

interface Arrived {
  kind: MessageKind
  message: ArrayBuffer
}

function end(channel = new FakeChannel(), options: Partial<LinkOptions> = {}) {
  const arrived: Arrived[] = []
  const errors: LinkError[] = []
  const link = new Link(channel, {
    onMessage: (kind, message) => arrived.push({ kind, message }),
    onError: (error) => errors.push(error),
    ...options,
  })
  return { channel, link, arrived, errors }
}

function pair() {
  const [a, b] = [end(), end()]
  a.channel.deliver = (data) => b.link.receive(data)
  b.channel.deliver = (data) => a.link.receive(data)
  return { a, b, settle: () => untilQuiet(a.channel, b.channel) }
}

function untilQuiet(...channels: FakeChannel[]): void {
  while (channels.map((channel) => channel.turn()).includes(true)) {}
}

const text = (content: string): ArrayBuffer => new TextEncoder().encode(content).buffer
const model = (floats: number, first = 0): ArrayBuffer =>
  encodeFrame({
    type: 'round',
    run: 1,
    view: 1,
    round: 0,
    phase: 0,
    operation: 'mix',
    arrays: [
      { kind: 'model', message: { kind: 'dense', size: floats, values: Float32Array.from({ length: floats }, (_, i) => first + i) } },
    ],
  })

test('an RTCDataChannel is a LinkChannel', () => {
  expectTypeOf<RTCDataChannel>().toExtend<LinkChannel>()
})

test('a pair carries 10 MB each way with control messages in between, and both ends agree on every byte', () => {
  const { a, b, settle } = pair()
  const frames = { a: [0, 1, 2, 3].map((i) => model(625_000, i)), b: [5, 6].map((i) => model(1_250_000, i)) }
  const notes = (name: string) => Array.from({ length: 40 }, (_, i) => text(`${name} ${i}`))
  for (const frame of frames.a) a.link.send('frame', frame.slice(0))
  for (const frame of frames.b) b.link.send('frame', frame.slice(0))
  for (let i = 0; i < 40; i++) {
    a.link.send('control', notes('a')[i])
    b.link.send('control', notes('b')[i])
    for (let turn = 0; turn < 3; turn++) for (const { channel } of [a, b]) channel.turn()
  }
  settle()

  for (const { sender, receiver, name, sent } of [
    { sender: a, receiver: b, name: 'a', sent: frames.a },
    { sender: b, receiver: a, name: 'b', sent: frames.b },
  ]) {
    const got = (kind: MessageKind) => receiver.arrived.filter((arrived) => arrived.kind === kind).map(({ message }) => message)
    expect(got('frame').map(digest)).toEqual(sent.map(digest))
    expect(got('control').map(digest)).toEqual(notes(name).map(digest))
    expect(sender.channel.highestBufferedAmount).toBeLessThan(2 ** 20 + DEFAULT_CHUNK_BYTES)
    expect(sender.errors).toEqual([])
    expect(receiver.link.counts.received).toEqual(sender.link.counts.sent)
    expect(sender.link.counts.sent.payload).toBe(10_000_000)
    expect(sender.link.counts.sentByKind).toEqual({ ...zeroPayload(), model: 10_000_000 })
    expect(receiver.link.counts.receivedByKind).toEqual(sender.link.counts.sentByKind)
    expect(sender.link.counts.sent.framing).toBe(sent.reduce((sum, frame) => sum + 48 + framingBytes(frame.byteLength), 0))
    expect(sender.link.counts.sent.control).toBe(notes(name).reduce((sum, note) => sum + note.byteLength + CHUNK_HEADER_BYTES, 0))
  }
})

describe('sending', () => {
  test('control messages go before waiting frames but not into one under way', () => {
    const { a, b, settle } = pair()
    a.link.send('frame', model(1_000_000, 1))
    a.link.send('frame', model(1, 2))
    a.link.send('control', text('first'))
    a.link.send('control', text('second'))
    settle()
    expect(b.arrived.map(({ kind, message }) => (kind === 'frame' ? message.byteLength : new TextDecoder().decode(message)))).toEqual([
      4_000_048,
      'first',
      'second',
      52,
    ])
  })

  test('fills the channel to the high-water mark, then waits for the event', () => {
    const { channel, link } = end()
    link.send('frame', model(1_000_000))
    expect(channel.bufferedAmountLowThreshold).toBe(2 ** 18)
    const full = channel.bufferedAmount
    expect(full).toBeGreaterThanOrEqual(2 ** 20)
    while (channel.bufferedAmount > 2 ** 18 + DEFAULT_CHUNK_BYTES) channel.turn()
    channel.turn()
    expect(channel.bufferedAmount).toBeGreaterThanOrEqual(2 ** 20)
  })

  test('waits for a channel that is still connecting', () => {
    const { channel, link } = end()
    channel.readyState = 'connecting'
    link.send('control', text('hello'))
    expect(channel.bufferedAmount).toBe(0)
    channel.readyState = 'open'
    channel.emit('open')
    expect(channel.bufferedAmount).toBe(5 + CHUNK_HEADER_BYTES)
  })

  test('keeps chunks within what the channel takes', () => {
    const { channel, link } = end(undefined, { maxChunkBytes: 1_000 })
    const lengths: number[] = []
    channel.deliver = (data) => lengths.push(data.byteLength)
    link.send('frame', model(1_000))
    untilQuiet(channel)
    expect(Math.max(...lengths)).toBe(1_000)
    expect(totalBytes(link.counts.sent)).toBe(lengths.reduce((sum, length) => sum + length, 0))
    expect(() => end(undefined, { maxChunkBytes: 16 })).toThrow(RangeError)
  })

  test('refuses a message over the cap and a queue over the cap', () => {
    const { channel, link, errors } = end()
    channel.readyState = 'connecting'
    link.send('frame', new ArrayBuffer(64 * 2 ** 20 + 1))
    for (let i = 0; i < 3; i++) link.send('frame', new ArrayBuffer(64 * 2 ** 20))
    expect(errors.map(({ kind }) => kind)).toEqual(['too-large', 'queue-full'])
    expect(link.errorCounts).toEqual({ 'too-large': 1, 'queue-full': 1 })
  })

  test('closes itself when the channel refuses', () => {
    const { channel, link, errors } = end(new FakeChannel(100_000))
    link.send('frame', model(100_000))
    expect(errors.map(({ kind }) => kind)).toEqual(['send-failed'])
    expect(errors[0]).toBeInstanceOf(LinkError)
    expect(errors[0].cause).toBeInstanceOf(Error)
    expect(channel.listenerCount()).toBe(0)
    expect(link.counts.sent).toEqual({ ...zeroBytes(), framing: DEFAULT_CHUNK_BYTES })
    link.send('control', text('ignored'))
    expect(channel.bufferedAmount).toBe(DEFAULT_CHUNK_BYTES)
  })

  test('sends and hears nothing after close', () => {
    const { channel, link, arrived, errors } = end()
    link.send('frame', model(1_000_000))
    link.close()
    link.close()
    const before = channel.bufferedAmount
    link.send('control', text('too late'))
    channel.emit('bufferedamountlow')
    link.receive(new ArrayBuffer(3))
    link.expire()
    expect(channel.bufferedAmount).toBe(before)
    expect(totalBytes(link.counts.sent)).toBe(before)
    expect({ arrived, errors }).toEqual({ arrived: [], errors: [] })
  })
})

describe('receiving', () => {
  test.each([['a string'], [null], [undefined], [new Uint8Array(20)], [new ArrayBuffer(3)]])(
    '%s is an error, counted, and the link goes on',
    (data) => {
      const { link, arrived, errors } = end()
      link.receive(data)
      for (const chunk of cutIntoChunks('control', 1, text('well'))) link.receive(chunk)
      expect(errors.map(({ kind }) => kind)).toEqual(['not-a-chunk'])
      expect(link.errorCounts).toEqual({ 'not-a-chunk': 1 })
      expect(arrived).toEqual([{ kind: 'control', message: text('well') }])
    },
  )

  test('every byte is counted once, also of lost messages', () => {
    const { link } = end()
    const chunks = [...cutIntoChunks('frame', 1, model(100), 100)]
    const note = [...cutIntoChunks('control', 2, text('note'))]
    const given = [...chunks.slice(0, 3), ...chunks.slice(1), ...note, ...chunks.slice(0, 2), ...note]
    for (const chunk of given) link.receive(chunk)
    expect(link.errorCounts).toEqual({ 'out-of-order': 1, interrupted: 1 })
    expect(link.counts.received.control).toBe(2 * (4 + CHUNK_HEADER_BYTES))
    expect(totalBytes(link.counts.received)).toBe(given.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  })

  test('an overdue message is given up when expire is called', () => {
    const now = vi.fn(() => 0)
    const { link, errors } = end(undefined, { now, deadlineMs: 1_000 })
    const [first] = cutIntoChunks('frame', 1, model(100), 100)
    link.receive(first)
    now.mockReturnValue(1_000)
    link.expire()
    expect(errors).toEqual([])
    now.mockReturnValue(1_001)
    link.expire()
    expect(errors.map(({ kind }) => kind)).toEqual(['deadline'])
    expect(link.counts.received.framing).toBe(first.byteLength)
  })
})

function digest(message: ArrayBuffer): string {
  const bytes = new Uint8Array(message)
  let hash = 17
  for (let i = 0; i < bytes.length; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0
  return `${bytes.length} ${hash}`
}
