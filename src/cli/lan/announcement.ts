import { renderUnicodeCompact } from 'uqr'
import type { Certificate } from './certificate.ts'

interface Announced {
  /** of this machine in the local network, the likeliest first */
  urls: readonly string[]
  /** for this computer itself */
  here: string
  certificate: Pick<Certificate, 'fingerprint' | 'validUntil' | 'isNew'>
  /** whether the terminal knows colors: then the code is white on black also in a light one */
  colors: boolean
}

/** What the terminal says about a lab on the local network: the address, a code for phones, and how to accept the certificate. */
export function announcement({ urls, here, certificate: { fingerprint, validUntil, isNew }, colors }: Announced): string {
  const { href, host, hostname } = new URL(urls[0])
  const others = urls.slice(1).map((url) => `  or, by another network of this computer, ${url}\n`)
  const asks = isNew ? 'It is new, so every device asks once' : 'A device that has accepted it does not ask again'
  return `Tabswarm is at ${href} for all devices on this network (Ctrl-C stops it)
${others.join('')}  on this computer: ${here}

${code(href, colors)}

The lab made its certificate itself, so browsers warn. ${asks}:
  Chrome, Edge   Advanced, then Continue (or Proceed) to ${hostname}
  Firefox        Advanced, then Accept the Risk and Continue
  Safari (Mac)   Show Details, then visit this website
  iPhone, iPad   open http://${host}/ instead: iOS refuses such certificates for signalling; it trains without WebGPU there
The certificate is valid until ${validUntil.toISOString().slice(0, 10)}; its SHA-256 fingerprint is
  ${fingerprint}
`
}

function code(url: string, colors: boolean): string {
  const lines = renderUnicodeCompact(url, { border: 2 }).split('\n')
  return lines.map((line) => (colors ? `\x1b[97;40m${line}\x1b[0m` : line)).join('\n')
}
