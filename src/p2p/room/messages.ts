import { z } from 'zod'

/** Raised whenever two versions would misunderstand each other. */
export const ROOM_PROTOCOL = 3
/** JSON of a control message, in bytes; larger ones are neither sent nor read. */
export const MAX_CONTROL_BYTES = 256 * 1024
/** Before a peer has proved that it knows the secret, it may send only this much at a time. */
export const MAX_HELLO_BYTES = 1024
export const MAX_MEMBERS = 64
/** The host remembers so many pages that it has sent away; the earliest are forgotten first. */
export const MAX_DISMISSED = 256

const peerId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/)
const ticket = z.string().regex(/^[0-9a-f]{16}$/)
const name = z.string().max(60)
const sentence = z.string().max(300)

const listMember = z.strictObject({ id: peerId, name, ticket })
const memberList = z
  .strictObject({
    number: z.int().min(0),
    locked: z.boolean(),
    members: z.array(listMember).min(1).max(MAX_MEMBERS),
    /** the ticket of the host */
    host: ticket,
    /** hash of a secret: who has it gets the role of host back from whoever followed it; null while a new host has not said its own */
    claim: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
    /** pages that the host has sent away: they leave, and none of them is admitted again, whoever is host then */
    dismissed: z.array(peerId).max(MAX_DISMISSED),
  })
  .refine(({ members, host }) => members.some((member) => member.ticket === host), 'the host must be a member')

/** One member of a room. The ticket tells apart two stays of the same page. */
export type ListMember = z.output<typeof listMember>
/** The host's numbered list, in order of admission: index = rank. */
export type MemberList = z.output<typeof memberList>

const roomMessage = z.discriminatedUnion('type', [
  // both sides, as soon as a channel opens; nothing else is read before a valid proof
  z.strictObject({ type: z.literal('hello'), protocol: z.int(), nonce: z.string().regex(/^[0-9a-f]{32}$/) }),
  z.strictObject({ type: z.literal('proof'), ticket, mac: z.string().regex(/^[0-9a-f]{64}$/) }),
  // at the front desk
  /** `members`: how many the sender brings along, itself included */
  z.strictObject({ type: z.literal('join'), name, ticket, members: z.int().min(1).max(MAX_MEMBERS) }),
  z.strictObject({ type: z.literal('welcome'), list: memberList }),
  z.strictObject({ type: z.literal('refused'), reason: sentence }),
  // from the host
  z.strictObject({ type: z.literal('list'), list: memberList }),
  z.strictObject({ type: z.literal('removed'), reason: sentence }),
  /** the sender has moved to the room at the front desk; go there too */
  z.strictObject({ type: z.literal('merge') }),
  // to the host
  z.strictObject({ type: z.literal('lost'), ticket }),
  z.strictObject({ type: z.literal('rename'), name }),
  /** the number of the sender's list: answered with a newer one, by whoever has it */
  z.strictObject({ type: z.literal('have'), number: z.int().min(0) }),
  /** this tab was host before it was loaded anew, and has the secret to prove it */
  z.strictObject({ type: z.literal('claim'), secret: z.string().regex(/^[0-9a-f]{32}$/) }),
  // between members
  z.strictObject({ type: z.literal('ping'), at: z.number() }),
  z.strictObject({ type: z.literal('pong'), at: z.number() }),
  z.strictObject({ type: z.literal('hidden'), hidden: z.boolean() }),
  z.strictObject({ type: z.literal('bye') }),
  /** of the floors above; `body` is for them to check */
  z.strictObject({ type: z.literal('app'), body: z.unknown() }),
])

export type RoomMessage = z.output<typeof roomMessage>

/** Throws RangeError when the message is larger than its receivers read. */
export function encodeMessage(message: RoomMessage): ArrayBuffer {
  const bytes = new TextEncoder().encode(JSON.stringify(message))
  if (bytes.byteLength > MAX_CONTROL_BYTES)
    throw new RangeError(`a control message of ${bytes.byteLength} bytes; at most ${MAX_CONTROL_BYTES} are allowed: send less at a time`)
  return bytes.buffer.byteLength === bytes.byteLength ? bytes.buffer : bytes.slice().buffer
}

/** What came, or why it is refused. Never throws: peers may send anything. */
export function decodeMessage(data: ArrayBuffer, maxBytes: number): RoomMessage | 'oversized' | 'malformed' {
  if (data.byteLength > maxBytes) return 'oversized'
  try {
    const result = roomMessage.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)))
    return result.success ? result.data : 'malformed'
  } catch {
    return 'malformed'
  }
}
