import type { ConfigIssue } from '../engine/index.ts'
import { ICE_EXPECTED, type LabSettings, PEER_EXPECTED, parseIceServer, parsePeerPlace } from '../p2p/index.ts'

/** Where the page finds its PeerServer. */
export interface PeerServerAddress {
  host: string
  port: number
  path: string
  secure: boolean
}

/** How this page reaches other tabs. */
export interface Connection {
  server: PeerServerAddress
  /** the PeerServer that came with the pages, whose rooms only their visitors find; another may serve anybody */
  own: boolean
  iceServers: RTCIceServer[]
  /** what was wrong with the address; those parts are left out */
  problems: ConfigIssue[]
}

/** Parameters of an address that say how tabs reach each other: `peer=host:port/path`, `secure=true`, and any number of `ice=`. */
export const connectionParameters = ['peer', 'secure', 'ice'] as const

/** From the address, which may come from anybody; else from the settings of whoever serves the pages; else the PeerServer beside them. */
export function connectionOf(address: URL, settings: LabSettings): Connection {
  const problems: ConfigIssue[] = []
  const read = <T>(field: string, text: string, value: T | null, expected: string): T | null => {
    if (value === null) problems.push({ field, message: `got ${JSON.stringify(text.slice(0, 60))}; expected ${expected}` })
    return value
  }
  const query = address.searchParams
  const [peerText, secureText] = [query.get('peer'), query.get('secure')]
  const asked = peerText ? read('peer', peerText, parsePeerPlace(peerText), PEER_EXPECTED) : null
  const askedSecure = secureText === null ? null : read('secure', secureText, parseSwitch(secureText), 'true or false')
  const ice = query.getAll('ice').flatMap((text) => read('ice', text, parseIceServer(text), ICE_EXPECTED) ?? [])

  const byPage = address.protocol === 'https:'
  const place = asked ?? (settings.peer ? parsePeerPlace(settings.peer) : null)
  // What the settings say about security is about the server that they name.
  const secure = askedSecure ?? (asked ? null : settings.secure) ?? byPage
  const server = place ?? { host: address.hostname, port: address.port ? Number(address.port) : null, path: '/peer' }
  return {
    server: { ...server, port: server.port ?? (secure ? 443 : 80), secure },
    own: place === null,
    iceServers: ice.length > 0 ? ice : (settings.ice ?? []).flatMap((text) => parseIceServer(text) ?? []),
    problems,
  }
}

const parseSwitch = (text: string): boolean | null => (text === 'true' ? true : text === 'false' ? false : null)
