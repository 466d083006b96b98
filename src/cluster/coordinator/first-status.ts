import { bytesToHex, randomBytes } from '@noble/hashes/utils.js'
import { ConfigError, parseRunConfig, type RunConfig } from '../../engine/index.ts'
import type { PeerId, RoomState } from '../../p2p/index.ts'
import { type Assignment, lineUp } from './assignment.ts'
import type { RunStatus } from './messages.ts'

/**
 * A new run of a room, coordinated by its host: all tabs that are free and linked train, as they are assigned; `workers` in the
 * configuration is replaced by their number. A sentence where no run can be made.
 */
export function firstStatus(
  input: unknown,
  host: PeerId,
  members: RoomState['members'],
  isBusy: (id: PeerId) => boolean,
  assignment: Assignment,
): RunStatus | string {
  const free = members.filter(({ id, link }) => link === 'open' && !isBusy(id))
  const participants = lineUp(free, assignment).map(({ id, name }) => ({ id, name }))
  if (participants.length === 0) return 'Nobody would train: every tab sits out the next run, or is busy. Let one of them take part.'
  let config: RunConfig
  try {
    config = parseRunConfig({ ...(typeof input === 'object' ? input : {}), workers: participants.length })
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  const workers = participants.map(({ id }) => id)
  return {
    run: bytesToHex(randomBytes(16)),
    number: 0,
    config,
    participants,
    view: { number: 1, members: workers },
    steering: [host, ...members.map(({ id }) => id).filter((id) => id !== host && workers.includes(id))],
    phase: 'preparing',
    until: null,
    message: '',
    facts: null,
  }
}
