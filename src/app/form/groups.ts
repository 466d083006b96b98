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
  { title: 'Workers', fields: ['workers'], advanced: [] },
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

/** The group of a field. */
export function groupOf(path: string): FieldGroup {
  const name = path.split('.')[0]
  return fieldGroups.find((group) => group.fields.includes(name)) ?? fieldGroups[fieldGroups.length - 1]
}

/** Does the field matter beside what else was chosen? The number of workers is the number of tabs, unless they are simulated. */
export function isRelevant(path: string, draft: Draft, simulated: boolean): boolean {
  if (path === 'workers') return simulated
  return path !== 'alpha' || draft.partition !== 'iid'
}
