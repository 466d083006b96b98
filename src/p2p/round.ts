import type { Message, VectorKind } from '../engine/index.ts'
import type { Frame, FrameArray, RoundFrame } from './frame.ts'
import type { RoundOperation } from './frame-layout.ts'

/** What an array that is waited for must be, for its frame to be used. */
export interface ExpectedArray {
  kind: VectorKind
  /** elements of the whole vector */
  size: number
  /** dense values, at which precision; or a message of any sort */
  form: 'float32' | 'float16' | 'message'
}

/** One exchange within a round. */
export interface Phase {
  /** What each rank is to get; ranks with the very same arrays get one frame, encoded once. */
  send: ReadonlyMap<number, FrameArray[]>
  /** ranks to wait for, ascending, this worker itself excluded */
  from: readonly number[]
  /** null: arrays of float32, whatever they are */
  expect: readonly ExpectedArray[] | null
}

/** A communication round under way, seen from one worker. All workers go through the same number of phases. */
export interface Round {
  readonly rank: number
  readonly size: number
  /** Sends, and resolves with what came, by rank. Rejects when the view changes. */
  exchange(phase: Phase): Promise<Map<number, FrameArray[]>>
}

/** The same arrays to each of these ranks. */
export function toEach(ranks: readonly number[], arrays: FrameArray[]): Map<number, FrameArray[]> {
  return new Map(ranks.map((rank) => [rank, arrays]))
}

/** All ranks of a round but this worker's. */
export function othersIn({ rank, size }: Round): number[] {
  return Array.from({ length: size }, (_, j) => j).filter((j) => j !== rank)
}

/** Arrays of the same kinds and sizes as these. */
export function expectLike(arrays: readonly FrameArray[], form?: ExpectedArray['form']): ExpectedArray[] {
  return arrays.map(({ kind, message, float16 }) => ({ kind, size: message.size, form: form ?? (float16 ? 'float16' : 'float32') }))
}

/** A vector to be sent whole. */
export function denseArray(kind: VectorKind, values: Float32Array, float16 = false): FrameArray {
  const message: Message = { kind: 'dense', size: values.length, values }
  return float16 ? { kind, message, float16 } : { kind, message }
}

/** The values of a dense message. Throws for another kind, which an exchange of dense arrays never lets pass. */
export function valuesOf({ message }: FrameArray): Float32Array {
  if (message.kind !== 'dense') throw new TypeError(`expected a dense message, got ${message.kind}`)
  return message.values
}

/** Whether a frame is what a phase waits for. */
export function fitsPhase(frame: Frame, operation: RoundOperation, expect: Phase['expect']): frame is RoundFrame {
  if (frame.type !== 'round' || frame.operation !== operation) return false
  if (!expect) return frame.arrays.every((array) => isForm(array, 'float32'))
  return (
    frame.arrays.length === expect.length &&
    frame.arrays.every(
      (array, i) => array.kind === expect[i].kind && array.message.size === expect[i].size && isForm(array, expect[i].form),
    )
  )
}

function isForm({ message, float16 = false }: FrameArray, form: ExpectedArray['form']): boolean {
  return form === 'message' ? !float16 : message.kind === 'dense' && float16 === (form === 'float16')
}
