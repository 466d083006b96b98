/** A frame that cannot be written. */
export class FrameError extends Error {
  constructor(
    readonly kind: 'too-large' | 'out-of-range' | 'message',
    message: string,
  ) {
    super(message)
  }
}

/** Why a message is no frame. */
export type FrameFault =
  | 'too-short'
  | 'too-long'
  | 'magic'
  | 'version'
  | 'length'
  | 'checksum'
  | 'type'
  | 'operation'
  | 'reserved'
  | 'kind'
  | 'codec'
  /** a vector of more elements than allowed */
  | 'size'
  /** an array's bytes are not what its entry says */
  | 'content'
  | 'arrays'
