import { type FieldSpec, runFields } from '../engine/index.ts'

type Placed = Pick<FieldSpec, 'path'>

/** `algorithm.id` -> algorithm, `algorithm.localSteps` -> localSteps, `compressor.ratio` -> compressorRatio */
export function nameOf({ path }: Placed): string {
  const [head, last] = path.split('.')
  if (last === undefined || last === 'id') return head
  return head === 'algorithm' ? last : `${head}${last[0].toUpperCase()}${last.slice(1)}`
}

/** `algorithm.localSteps` -> --local-steps */
export function flagOf(field: Placed): string {
  return `--${nameOf(field).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The flag and what it takes: `--local-steps <number>` */
export function usageOf(field: FieldSpec): string {
  const value = field.kind === 'switch' ? '[boolean]' : field.kind === 'number' ? '<number>' : '<name>'
  return `${flagOf(field)} ${value}`
}

export const isHyperparameter = ({ path }: Placed) => path.startsWith('algorithm.') && path !== 'algorithm.id'

/** The hyperparameters of each algorithm, by its id. */
export function algorithmFields(): Record<string, FieldSpec[]> {
  const field = runFields.find(({ path }) => path === 'algorithm.id')
  return field?.kind === 'variant' ? field.variants : {}
}
