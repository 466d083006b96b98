/** host or [IPv6], with an optional port */
const PLACE = String.raw`(?<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?<port>\d{1,5}))?`
const STUN = new RegExp(`^(?<url>stuns?:${PLACE})$`)
const TURN = new RegExp(
  String.raw`^(?<scheme>turns?):(?<username>[^:@/?#\s]+):(?<credential>[^@\s]+)@(?<place>${PLACE}(?:\?transport=(?:udp|tcp))?)$`,
)

export const ICE_EXPECTED = 'stun:host:port, or turn:user:password@host:port'

/**
 * A STUN or TURN server in one line: a URI as in RFC 7064 and RFC 7065, with the credentials of a TURN server before its host.
 * @returns null when it is not one
 */
export function parseIceServer(text: string): RTCIceServer | null {
  const stun = STUN.exec(text)?.groups
  if (stun) return isPort(stun.port) ? { urls: stun.url } : null
  const turn = TURN.exec(text)?.groups
  if (!turn || !isPort(turn.port)) return null
  return { urls: `${turn.scheme}:${turn.place}`, username: turn.username, credential: turn.credential }
}

const isPort = (text: string | undefined) => text === undefined || (Number(text) >= 1 && Number(text) <= 65_535)
