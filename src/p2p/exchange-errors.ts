import type { PeerId, View } from './types.ts'

/** Why a received frame was not used. */
export type DropReason =
  /** no frame, or its checksum is wrong */
  | 'corrupt'
  | 'other-run'
  | 'old-view'
  | 'old-round'
  | 'not-a-member'
  | 'duplicate'
  /** too many frames, or bytes of them, of one peer wait already */
  | 'overflow'
  /** another operation, or other arrays, than this worker's round has */
  | 'mismatch'
  /** a frame that nobody asked for: no weight on that peer, or nothing to settle */
  | 'unexpected'

/** The exchange cannot be used in this way, or not any more. */
export class ExchangeError extends Error {
  constructor(
    readonly kind: 'closed' | 'not-a-member' | 'busy' | 'nothing-to-settle' | 'mixing-matrix' | 'neighbors',
    message: string,
  ) {
    super(message)
  }
}

export function notAMember(self: PeerId, view: View): ExchangeError {
  return new ExchangeError('not-a-member', `${self} is not in view ${view.number} (${view.members.join(', ')}); only members exchange`)
}
