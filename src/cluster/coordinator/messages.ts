import { z } from 'zod'
import { backendNames, parseRunConfig } from '../../engine/index.ts'
import { measured } from '../measured.ts'
import { assignmentSchema } from './assignment.ts'

/** What the coordinators of all pages say to each other. Everything that comes is checked against these before it is looked at. */

const MAX_WORKERS = 64

const peerId = z.string().min(1).max(80)
const runId = z.string().regex(/^[0-9A-Za-z-]{8,64}$/)
const text = z.string().max(2_000)
const count = z.int().min(0)
const config = z.unknown().transform((input, context) => {
  try {
    return parseRunConfig(input)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
    return z.NEVER
  }
})

const backendChoice = z.strictObject({
  name: z.enum(backendNames).exclude(['auto']),
  reason: text,
  adapter: text.nullable(),
  hardware: z.boolean(),
  selfTest: z.strictObject({ loss: measured, gradient: measured }).nullable(),
})

const runFacts = z.strictObject({
  parameters: count,
  shards: z.array(z.array(count).max(1_000)).max(MAX_WORKERS),
  shardSize: count,
  spectralGap: measured,
})

export const runPhases = ['preparing', 'running', 'paused', 'finished', 'stopped', 'failed'] as const

const runStatus = z
  .strictObject({
    run: runId,
    /** counts the statuses of a run */
    number: count,
    config,
    /** who took part at the start; index = seat, which a worker keeps */
    participants: z
      .array(z.strictObject({ id: peerId, name: z.string().max(60) }))
      .min(1)
      .max(MAX_WORKERS),
    /** who is left, in rank order */
    view: z.strictObject({ number: count, members: z.array(peerId).min(1).max(MAX_WORKERS) }),
    phase: z.enum(runPhases),
    /** who coordinates the run, then who follows when that one goes: its host, which may sit out, then its workers as they came into the room */
    steering: z
      .array(peerId)
      .min(1)
      .max(MAX_WORKERS + 1),
    /** everybody pauses before this gradient step (0-based) */
    until: count.nullable(),
    /** what happened, for the user */
    message: text,
    facts: runFacts.nullable(),
  })
  .refine(
    ({ participants, view }) =>
      isSubsequence(
        view.members,
        participants.map(({ id }) => id),
      ),
    'the view must be participants, in order',
  )
  .refine(
    ({ view, steering }) => new Set(steering).size === steering.length && view.members.every((id) => steering.includes(id)),
    'steering must name every member of the view, and nobody twice',
  )

/** `view.members` keeps the order of the seats, and names nobody twice. */
function isSubsequence(part: string[], whole: string[]): boolean {
  if (new Set(whole).size !== whole.length) return false
  let i = 0
  for (const id of whole) if (id === part[i]) i++
  return i === part.length
}

const ask = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), config: z.unknown() }),
  z.strictObject({ type: z.enum(['pause', 'resume', 'stepRound', 'stop']) }),
])

const report = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), stage: text, fraction: z.number() }),
  z.strictObject({ type: z.literal('ready'), facts: runFacts }),
  z.strictObject({ type: z.literal('failed'), message: text }),
  /** wants a new view of the same members, for this reason */
  z.strictObject({ type: z.literal('renewView'), message: text }),
  z.strictObject({ type: z.literal('paused'), step: count }),
  /** the pause came too late for this worker: it is in this step (0-based) already, and the others must come along */
  z.strictObject({ type: z.literal('beyond'), step: count }),
])

const clusterMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run/status'), status: runStatus }),
  /** asks the coordinator for its status, the host for the assignment */
  z.strictObject({ type: z.literal('run/sync') }),
  z.strictObject({ type: z.literal('run/ask'), id: count, ask }),
  z.strictObject({ type: z.literal('run/answer'), id: count, error: text.nullable() }),
  z.strictObject({ type: z.literal('run/report'), run: runId, report }),
  z.strictObject({ type: z.literal('run/metrics'), run: runId, events: z.array(z.unknown()).max(1_000) }),
  /** `busy`: the page's worker does something else, and takes part in no run */
  z.strictObject({ type: z.literal('run/profile'), backend: backendChoice, busy: z.boolean() }),
  /** from the host: who takes which rank in the next run */
  z.strictObject({ type: z.literal('run/assignment'), assignment: assignmentSchema }),
])

export type RunPhase = (typeof runPhases)[number]
export type RunFacts = z.output<typeof runFacts>
export type RunStatus = z.output<typeof runStatus>
export type RunAsk = z.output<typeof ask>
export type RunReport = z.output<typeof report>
export type ClusterMessage = z.output<typeof clusterMessage>

/** The message, or null for anything that is none. */
export function readMessage(body: unknown): ClusterMessage | null {
  const result = clusterMessage.safeParse(body)
  return result.success ? result.data : null
}
