import { z } from 'zod'
import { ICE_EXPECTED, parseIceServer } from './ice.ts'

/** Beside the pages; what serves them says there how tabs reach each other. Without it there is a PeerServer beside them, too. */
export const SETTINGS_FILE = 'tabswarm.json'

export const PEER_EXPECTED = 'host, host:port or host:port/path'
const PEER_PATTERN = /^(?<host>[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::(?<port>\d{1,5}))?(?<path>\/[A-Za-z0-9/_.-]*)?$/

/** Where a PeerServer is, without its scheme. */
export interface PeerPlace {
  host: string
  /** null: the usual one of its scheme */
  port: number | null
  path: string
}

/** @returns null when it is not a PeerServer's place */
export function parsePeerPlace(text: string): PeerPlace | null {
  const match = PEER_PATTERN.exec(text)?.groups
  if (!match) return null
  const port = match.port === undefined ? null : Number(match.port)
  if (port !== null && (port < 1 || port > 65_535)) return null
  return { host: match.host, port, path: match.path ?? '/peer' }
}

export const labSettings = z.strictObject({
  /** the PeerServer, as host:port/path; else the one beside the pages */
  peer: z
    .string()
    .refine((text) => parsePeerPlace(text) !== null, { error: ({ input }) => `got ${JSON.stringify(input)}; expected ${PEER_EXPECTED}` })
    .optional(),
  /** whether it speaks https and wss; else what the page itself came by */
  secure: z.boolean().optional(),
  /** STUN and TURN servers, as `parseIceServer` reads them */
  ice: z
    .array(
      z.string().refine((text) => parseIceServer(text) !== null, {
        error: ({ input }) => `got ${JSON.stringify(input)}; expected ${ICE_EXPECTED}`,
      }),
    )
    .optional(),
  /** the address at which other devices reach these pages, where the page cannot tell */
  address: z.url({ protocol: /^https?$/ }).optional(),
})

/** What `tabswarm.json` holds. */
export type LabSettings = z.output<typeof labSettings>
