import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Link, type LinkChannel } from '../link.ts'
import { FakeNetwork } from './fake-signalling.ts'
import { decodeMessage, encodeMessage, ROOM_PROTOCOL } from './messages.ts'
import { proofOf, roomKey } from './secret.ts'
import { Session } from './session.ts'
import type { Connection } from './signalling.ts'

const run = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).buffer as ArrayBuffer

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Page `a` listens; `b` gets a bare connection to it, to say what it wants. */
async function listener(key = roomKey('lobby', 'secret').key) {
  const network = new FakeNetwork()
  const log: string[] = []
  let session: Session | undefined
  network.page().register('a', {
    onState: () => {},
    onConnection: (connection) => {
      session = new Session(connection, {
        self: 'a',
        key,
        ticket: '00000000000000aa',
        outgoing: false,
        handlers: {
          onOpen: (s) => log.push(`open ${s.ticket}`),
          onMessage: (_, message) => log.push(`message ${JSON.stringify(message)}`),
          onFrame: (_, message) => log.push(`frame ${message.byteLength}`),
          onEnd: (_, reason) => log.push(`end ${reason}`),
        },
      })
    },
  })
  const own = network.page().register('b', { onState: () => {}, onConnection: () => {} })
  await run(10)
  const dial = () => own.dial('a')
  return { log, dial, session: () => session as Session }
}

function bare(connection: Connection): { link: () => Link; messages: unknown[] } {
  let link: Link | undefined
  const messages: unknown[] = []
  connection.listen({
    onOpen: (channel: LinkChannel) => {
      link = new Link(channel, { onMessage: (_, data) => messages.push(decodeMessage(data, 1e6)), onError: () => {} })
    },
    onData: (data) => link?.receive(data),
    onClose: () => messages.push('closed'),
  })
  return { link: () => link as Link, messages }
}

const proved = (s: { dial(): Connection }, secret: string) =>
  new Session(s.dial(), {
    self: 'b',
    key: roomKey('lobby', secret).key,
    ticket: '00000000000000bb',
    outgoing: true,
    handlers: { onOpen: () => {}, onMessage: () => {}, onFrame: () => {}, onEnd: () => {} },
  })

describe('a session', () => {
  it('opens when both sides prove that they know the secret', async () => {
    const a = await listener()
    const b = proved(a, 'secret')
    await run(50)
    b.send({ type: 'bye' })
    b.sendFrame(new ArrayBuffer(5))
    await run(10)
    expect(a.log).toEqual(['open 00000000000000bb', 'message {"type":"bye"}', 'frame 5'])
    expect(b.ticket).toBe('00000000000000aa')
  })

  it('refuses a peer with a wrong secret', async () => {
    const a = await listener()
    const b = proved(a, 'guess')
    b.send({ type: 'bye' })
    await run(50)
    expect(a.log).toEqual(['end it does not know the secret of this room'])
    expect(b.isOpen).toBe(false)
  })

  it('refuses a proof made for another channel', async () => {
    const a = await listener()
    const { link, messages } = bare(a.dial())
    await run(10)
    const hello = messages[0] as { nonce: string }
    const { key } = roomKey('lobby', 'secret')
    const proverNonce = '1'.repeat(32)
    link().send('control', encodeMessage({ type: 'hello', protocol: ROOM_PROTOCOL, nonce: proverNonce }))
    const ticket = '00000000000000bb'
    const mac = proofOf(key, { prover: 'c', verifier: 'a', ticket, proverNonce, verifierNonce: hello.nonce })
    link().send('control', encodeMessage({ type: 'proof', ticket, mac }))
    await run(10)
    expect(a.log).toEqual(['end it does not know the secret of this room'])
    expect(messages.at(-1)).toBe('closed')
  })

  it('refuses its own proof sent back', async () => {
    const a = await listener()
    const { link, messages } = bare(a.dial())
    await run(10)
    link().send('control', encodeMessage(messages[0] as Parameters<typeof encodeMessage>[0]))
    await run(10)
    link().send('control', encodeMessage(messages[1] as Parameters<typeof encodeMessage>[0]))
    await run(10)
    expect(a.log).toEqual(['end it does not know the secret of this room'])
  })

  it.each([
    ['frames', (link: Link) => link.send('frame', new ArrayBuffer(9)), 'it sent data before proving that it knows the secret of the room'],
    ['something malformed', (link: Link) => link.send('control', json({ type: 'nonsense' })), 'it sent something else than a hello'],
    [
      'too much',
      (link: Link) => link.send('control', json({ type: 'hello', protocol: ROOM_PROTOCOL, nonce: 'x'.repeat(5_000) })),
      'it sent something else than a hello',
    ],
    ['messages', (link: Link) => link.send('control', json({ type: 'bye' })), 'it spoke out of turn'],
    [
      'another version',
      (link: Link) => link.send('control', json({ type: 'hello', protocol: ROOM_PROTOCOL + 1, nonce: '0'.repeat(32) })),
      'it runs another version of Tabswarm: reload all tabs',
    ],
  ])('ends when %s come before the proof', async (_, send, reason) => {
    const a = await listener()
    const { link } = bare(a.dial())
    await run(10)
    send(link())
    await run(10)
    expect(a.log).toEqual([`end ${reason}`])
  })

  it('ends when nothing comes', async () => {
    const a = await listener()
    bare(a.dial())
    await run(10_100)
    expect(a.log).toEqual(['end it did not answer in time'])
  })

  it('drops and counts malformed messages afterwards, and stays open', async () => {
    const a = await listener()
    const connection = a.dial()
    const { link, messages } = bare(connection)
    await run(10)
    const { key } = roomKey('lobby', 'secret')
    const proverNonce = '1'.repeat(32)
    const ticket = '00000000000000bb'
    link().send('control', encodeMessage({ type: 'hello', protocol: ROOM_PROTOCOL, nonce: proverNonce }))
    const verifierNonce = (messages[0] as { nonce: string }).nonce
    link().send(
      'control',
      encodeMessage({ type: 'proof', ticket, mac: proofOf(key, { prover: 'b', verifier: 'a', ticket, proverNonce, verifierNonce }) }),
    )
    for (const bad of ['{', 'null', '[]', '{"type":"list"}', '{"type":"lost","ticket":"../.."}', '{"type":"bye","more":1}'])
      link().send('control', new TextEncoder().encode(bad).buffer as ArrayBuffer)
    link().send('control', new Uint8Array([0xff, 0xfe]).buffer)
    link().send('control', json({ type: 'app', body: 'x'.repeat(300_000) }))
    link().send('control', encodeMessage({ type: 'hello', protocol: ROOM_PROTOCOL, nonce: proverNonce }))
    await run(50)
    expect(a.log).toEqual([`open ${ticket}`])
    expect(a.session().drops).toEqual({ malformed: 7, oversized: 1, unexpected: 1 })
    link().send('control', encodeMessage({ type: 'bye' }))
    await run(10)
    expect(a.log.at(-1)).toBe('message {"type":"bye"}')
  })
})

describe('a room key', () => {
  it('depends on name and secret, unambiguously', () => {
    const desks = [roomKey('a', 'b'), roomKey('ab', ''), roomKey('', 'ab'), roomKey('a', 'c')].map((key) => key.frontDesk)
    expect(new Set(desks).size).toBe(4)
    expect(roomKey('a', 'b').frontDesk).toBe(desks[0])
    expect(desks[0]).toMatch(/^tabswarm-desk-[0-9a-f]{32}$/)
  })
})
