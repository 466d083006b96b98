import { checkExperiment, defaultTexts, type ExperimentText, experimentFields, quadraticPresets } from '../../cluster/quadratic/index.ts'
import type { ConfigIssue } from '../../engine/index.ts'

/** What an address says. */
export interface QuadraticAddress {
  texts: ExperimentText
  /** what was wrong with it; those parts are left at their defaults */
  problems: ConfigIssue[]
}

const LONGEST = 200

/** Reads an address that may come from anybody: never throws. */
export function parseAddress(query: URLSearchParams): QuadraticAddress {
  const texts: ExperimentText = {}
  const problems: ConfigIssue[] = []
  for (const [name, text] of query) {
    const field = experimentFields.find((known) => known === name)
    if (field) texts[field] = text.slice(0, LONGEST)
    else problems.push({ field: name.slice(0, 60), message: 'not a field of this experiment; left out' })
  }
  // Without its bad fields an experiment may have others: the range of k hangs on the preset.
  for (let { issues } = checkExperiment(texts); issues.length > 0; { issues } = checkExperiment(texts)) {
    const { field, message } = issues[0]
    problems.push({ field, message })
    delete texts[field as keyof ExperimentText]
  }
  return { texts, problems }
}

/** The query that gives these texts again; only what differs from the defaults is written. */
export function writeAddress(texts: ExperimentText): string {
  const preset = quadraticPresets.find((name) => name === texts.preset) ?? 'plane'
  const initial = { ...defaultTexts(preset), preset: 'plane' }
  const query = new URLSearchParams()
  for (const field of experimentFields) {
    const text = texts[field]
    if (text !== undefined && text !== initial[field]) query.set(field, text)
  }
  const written = query.toString().replaceAll('%2C', ',')
  return written === '' ? '' : `?${written}`
}
