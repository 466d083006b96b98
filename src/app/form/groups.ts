import type { Draft } from '../../engine/index.ts'

/** How the fields of a run stand together in the form. A field of the schema that no group names goes to the last one. */
export interface FieldGroup {
  title: string
  /** top-level field names, or the part before the dot */
  fields: readonly string[]
  /** paths shown only on demand */
  advanced: readonly string[]
}

export const fieldGroups: readonly FieldGroup[] = [
  {
    title: 'Data',
    fields: ['dataset', 'partition', 'alpha', 'trainImages', 'testImages', 'augment'],
    advanced: ['trainImages', 'testImages', 'augment'],
  },
  {
    title: 'Communication',
    fields: ['algorithm', 'compressor', 'resetCompressor', 'aggregation', 'float16', 'topology'],
    advanced: ['aggregation', 'float16'],
  },
  {
    title: 'Training',
    fields: ['model', 'steps', 'batchSize', 'learningRate', 'schedule', 'warmupEpochs', 'weightDecay', 'evaluateEvery', 'seed', 'backend'],
    advanced: ['schedule', 'warmupEpochs', 'weightDecay', 'seed', 'backend'],
  },
]

const hidden: FieldGroup = { title: '', fields: ['workers'], advanced: [] }

/** The group of a field. `workers` is in none of the shown ones: in a room it is the number of tabs. */
export function groupOf(path: string): FieldGroup {
  const name = path.split('.')[0]
  return [...fieldGroups, hidden].find((group) => group.fields.includes(name)) ?? fieldGroups[fieldGroups.length - 1]
}

/** Does the field matter beside what else was chosen? */
export function isRelevant(path: string, draft: Draft): boolean {
  return path !== 'alpha' || draft.partition !== 'iid'
}
