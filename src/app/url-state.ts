import { activeFields, allFields, type ConfigIssue, checkDraft, type Draft, didYouMean, fieldValue, runFields } from '../engine/index.ts'
import { connectionParameters } from './connection.ts'
import { parsePlace, writePlace } from './lessons/address.ts'
import { draftsAt, type LessonPlace } from './lessons/place.ts'

/** What an address says: the query carries the configuration, the fragment the room and its secret. */
export interface UrlState {
  draft: Draft
  /** `simulated=true`: the next start is of simulated workers in the tab itself */
  simulated: boolean
  /** `lesson=...&step=2`, or a lesson in the fragment; null outside of lessons */
  lesson: LessonPlace | null
  room: string
  secret: string
  /** what was wrong with the address; those parts are left at their defaults */
  problems: ConfigIssue[]
}

export const DEFAULT_ROOM = 'lobby'
const ROOM_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/
const SECRET_PATTERN = /^[A-Za-z0-9_-]{0,128}$/
/** Parameters that are no fields of a run. */
const OTHER_PARAMETERS = new Set<string>([...connectionParameters, 'simulated', 'lesson', 'step'])
/** The number of workers is the number of tabs, unless they are simulated. */
const ONLY_SIMULATED = new Set(['workers'])

/** Reads an address that may come from anybody: never throws, and says what it had to leave out. */
export function parseUrl(address: URL): UrlState {
  const problems: ConfigIssue[] = []
  const fragment = new URLSearchParams(address.hash.slice(1))
  const lesson = parsePlace(address.searchParams, fragment, problems)
  const own = parseSwitch('simulated', address.searchParams.get('simulated') ?? String(lesson?.lesson.simulated ?? false), problems)
  const simulated = own ?? false
  const typed = parseDraft(address.searchParams, simulated, problems)
  // A link to a lesson says no more than that; after a change in the form the address says what was changed.
  const draft = lesson && Object.keys(typed).length === 0 ? draftsAt(lesson)[0] : typed
  const room = accept(fragment.get('room'), ROOM_PATTERN, DEFAULT_ROOM, 'room', 'up to 40 letters, digits, - and _', problems)
  const secret = accept(fragment.get('secret'), SECRET_PATTERN, '', 'secret', 'up to 128 letters, digits, - and _', problems)
  return { draft, simulated, lesson, room, secret, problems }
}

function parseDraft(query: URLSearchParams, simulated: boolean, problems: ConfigIssue[]): Draft {
  const kinds = new Map(allFields(runFields).map((field) => [field.path, field.kind]))
  const names = [...kinds.keys(), ...OTHER_PARAMETERS]
  const draft: Record<string, string | boolean> = {}
  for (const [path, text] of query) {
    if (OTHER_PARAMETERS.has(path)) continue
    const kind = kinds.get(path)
    if (!kind) problems.push({ field: path.slice(0, 60), message: `not a field of a run; left out${didYouMean(path, names)}` })
    else if (ONLY_SIMULATED.has(path) && !simulated)
      problems.push({ field: path, message: 'the tabs of the room are the workers; allowed only with simulated=true' })
    else if (kind !== 'switch') draft[path] = text.slice(0, 60)
    else {
      const on = parseSwitch(path, text, problems)
      if (on !== null) draft[path] = on
    }
  }
  return withoutBadFields(draft, problems)
}

function parseSwitch(field: string, text: string, problems: ConfigIssue[]): boolean | null {
  if (text === 'true' || text === 'false') return text === 'true'
  problems.push({ field, message: `got ${JSON.stringify(text.slice(0, 60))}; allowed: true, false` })
  return null
}

function withoutBadFields(draft: Record<string, string | boolean>, problems: ConfigIssue[]): Draft {
  const { issues } = checkDraft(draft)
  const bad = Object.entries(issues).filter(([field]) => field in draft)
  if (bad.length === 0) return draft
  for (const [field, message] of bad) {
    problems.push({ field, message })
    delete draft[field]
  }
  return withoutBadFields(draft, problems)
}

function accept(text: string | null, pattern: RegExp, fallback: string, field: string, allowed: string, problems: ConfigIssue[]): string {
  if (text === null || text === '') return fallback
  if (pattern.test(text)) return text
  problems.push({ field, message: `got ${JSON.stringify(text.slice(0, 60))}; allowed: ${allowed}` })
  return fallback
}

/** The address that gives this state again; only what differs from the defaults is written, and how tabs reach each other is kept. */
export function writeUrl(base: URL, state: Pick<UrlState, 'draft' | 'simulated' | 'lesson' | 'room' | 'secret'>): URL {
  const url = new URL(base)
  const fragment = new URLSearchParams()
  url.search = ''
  if (state.lesson) writePlace(state.lesson, url.searchParams, fragment)
  for (const field of activeFields(state.draft)) {
    const value = fieldValue(state.draft, field)
    const counts = state.simulated || !ONLY_SIMULATED.has(field.path)
    if (counts && String(value) !== String(field.initial)) url.searchParams.set(field.path, String(value))
  }
  if (state.simulated !== (state.lesson?.lesson.simulated ?? false)) url.searchParams.set('simulated', String(state.simulated))
  for (const name of connectionParameters) for (const value of base.searchParams.getAll(name)) url.searchParams.append(name, value)
  if (state.room !== DEFAULT_ROOM) fragment.set('room', state.room)
  if (state.secret) fragment.set('secret', state.secret)
  url.hash = fragment.toString()
  return url
}
