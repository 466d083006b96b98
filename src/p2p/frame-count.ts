import { ENTRY_BYTES, HEADER_BYTES, KIND_CODES, MAGIC, nameLookup, padded } from './frame-layout.ts'
import { type ByteCount, type PayloadByKind, zeroPayload } from './ledger.ts'

const kindOf = nameLookup(KIND_CODES)

/**
 * What a frame's bytes are for, together with the chunk headers around it. Encoded values (and positions) are payload, those exchanged
 * only to evaluate are control, and so is all of a frame without any training value (evaluation, settle); what surrounds training values
 * is framing, and so is a message that is no frame. Reads lengths only: the checksum is the receiver's business.
 */
export function countFrame(message: ArrayBuffer, chunkHeaderBytes: number): ByteCount {
  const length = message.byteLength + chunkHeaderBytes
  const values = countValues(message)
  if (!values) return { payload: 0, framing: length, control: 0 }
  if (values.training === 0) return { payload: 0, framing: 0, control: length }
  return { payload: values.training, framing: length - values.training - values.evaluation, control: values.evaluation }
}

/** A frame's payload by what the vectors hold. */
export function countByKind(message: ArrayBuffer): PayloadByKind {
  return countValues(message)?.byKind ?? zeroPayload()
}

interface ValueCount {
  training: number
  evaluation: number
  byKind: PayloadByKind
}

function countValues(message: ArrayBuffer): ValueCount | null {
  const length = message.byteLength
  if (length < HEADER_BYTES) return null
  const view = new DataView(message)
  const arrays = view.getUint16(20, true)
  let end = HEADER_BYTES + ENTRY_BYTES * arrays
  if (view.getUint32(0, true) !== MAGIC || end > length) return null
  const count: ValueCount = { training: 0, evaluation: 0, byKind: zeroPayload() }
  for (let i = 0; i < arrays; i++) {
    const entry = HEADER_BYTES + ENTRY_BYTES * i
    const kind = kindOf(view.getUint8(entry))
    const bytes = view.getUint32(entry + 12, true)
    end += padded(bytes)
    if (!kind) return null
    if (kind === 'evaluation') count.evaluation += bytes
    else {
      count.training += bytes
      count.byKind[kind] += bytes
    }
  }
  return end === length ? count : null
}
