import { activeFields, allFields, type ConfigIssue, checkDraft, type Draft, fieldValue, runFields } from '../engine/index.ts'

/** Where the page finds its PeerServer. */
export interface PeerServerAddress {
  host: string
  port: number
  path: string
  secure: boolean
}

/** What an address says: the query carries the configuration, the fragment the room and its secret. */
export interface UrlState {
  draft: Draft
  room: string
  secret: string
  /** the page's own server unless the query says `peer=host:port/path` */
  peerServer: PeerServerAddress
  /** what was wrong with the address; those parts are left at their defaults */
  problems: ConfigIssue[]
}

export const DEFAULT_ROOM = 'lobby'
const ROOM_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/
const SECRET_PATTERN = /^[A-Za-z0-9_-]{0,128}$/
const PEER_PATTERN = /^([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?(\/[A-Za-z0-9/_-]*)?$/
/** The number of workers is the number of tabs, so it is no part of a tab's address. */
const NOT_IN_URL = new Set(['workers'])

/** Reads an address that may come from anybody: never throws, and says what it had to leave out. */
export function parseUrl(address: URL): UrlState {
  const problems: ConfigIssue[] = []
  const draft = parseDraft(address.searchParams, problems)
  const fragment = new URLSearchParams(address.hash.slice(1))
  const room = accept(fragment.get('room'), ROOM_PATTERN, DEFAULT_ROOM, 'room', 'up to 40 letters, digits, - and _', problems)
  const secret = accept(fragment.get('secret'), SECRET_PATTERN, '', 'secret', 'up to 128 letters, digits, - and _', problems)
  return { draft, room, secret, peerServer: parsePeerServer(address, problems), problems }
}

function parseDraft(query: URLSearchParams, problems: ConfigIssue[]): Draft {
  const kinds = new Map(allFields(runFields).map((field) => [field.path, field.kind]))
  const draft: Record<string, string | boolean> = {}
  for (const [path, text] of query) {
    if (path === 'peer') continue
    const kind = kinds.get(path)
    if (!kind || NOT_IN_URL.has(path)) problems.push({ field: path.slice(0, 60), message: 'not a field of a run; left out' })
    else if (kind !== 'switch') draft[path] = text.slice(0, 60)
    else if (text === 'true' || text === 'false') draft[path] = text === 'true'
    else problems.push({ field: path, message: `got ${JSON.stringify(text.slice(0, 60))}; allowed: true, false` })
  }
  return withoutBadFields(draft, problems)
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

function parsePeerServer(address: URL, problems: ConfigIssue[]): PeerServerAddress {
  const secure = address.protocol === 'https:'
  const own = { host: address.hostname, port: Number(address.port) || (secure ? 443 : 80), path: '/peer', secure }
  const text = address.searchParams.get('peer')
  if (!text) return own
  const match = PEER_PATTERN.exec(text)
  const port = match?.[2] === undefined ? own.port : Number(match[2])
  if (match && port >= 1 && port <= 65_535) return { host: match[1], port, path: match[3] ?? '/peer', secure }
  problems.push({ field: 'peer', message: `got ${JSON.stringify(text.slice(0, 60))}; expected host:port/path` })
  return own
}

/** The address that gives this state again; only what differs from the defaults is written. */
export function writeUrl(base: URL, state: Pick<UrlState, 'draft' | 'room' | 'secret'>): URL {
  const url = new URL(base)
  const peer = base.searchParams.get('peer')
  url.search = ''
  for (const field of activeFields(state.draft)) {
    const value = fieldValue(state.draft, field)
    if (!NOT_IN_URL.has(field.path) && String(value) !== String(field.initial)) url.searchParams.set(field.path, String(value))
  }
  if (peer) url.searchParams.set('peer', peer)
  const fragment = new URLSearchParams()
  if (state.room !== DEFAULT_ROOM) fragment.set('room', state.room)
  if (state.secret) fragment.set('secret', state.secret)
  url.hash = fragment.toString()
  return url
}
