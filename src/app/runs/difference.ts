import { activeFields, draftOf, fieldValue, findAlgorithm, type RunConfig } from '../../engine/index.ts'
import { fieldLabel, optionLabel, texts } from '../texts.ts'

/** More than this many differences are no name any more. */
const MOST = 3

/** How closely a run is looked at makes it no other run. */
const ofLooking = new Set(['evaluateEvery', 'testImages'])

/** What a run is called beside another one: its values of the fields in which they differ, "Dirichlet α 100, Topology ring". */
export function differenceText(config: RunConfig, other: RunConfig): string {
  const draft = draftOf(config)
  const others = draftOf(other)
  const parts = activeFields(draft)
    .filter((field) => {
      if (ofLooking.has(field.path)) return false
      const value = String(fieldValue(draft, field))
      // A hyperparameter that the other's algorithm lacks is worth a word only where it is not the usual one.
      return value !== String(others[field.path] ?? field.initial)
    })
    .map((field) => valueText(field.path, String(fieldValue(draft, field))))
  if (parts.length === 0) return config.algorithm.id === other.algorithm.id ? texts.runs.same : algorithmTitle(config.algorithm.id)
  return parts.length > MOST ? `${parts.slice(0, MOST).join(', ')} …` : parts.join(', ')
}

const algorithmTitle = (id: string) => findAlgorithm(id)?.title ?? id

function valueText(path: string, value: string): string {
  if (path === 'algorithm.id') return algorithmTitle(value)
  const label = fieldLabel(path)
  return value === 'true' || value === 'false' ? `${label} ${texts.runs.switch[value]}` : `${label} ${optionLabel(value)}`
}
