import { hostname } from 'node:os'
import { lanCertificateFile } from '../paths.ts'
import { lanAddresses } from './addresses.ts'
import { type Certificate, lanCertificate } from './certificate.ts'

const EVERY_INTERFACE = '0.0.0.0'
const HERE = ['localhost', '127.0.0.1', '::1']

/** What a lab on the local network is served with. */
export interface Lan {
  /** to listen on */
  host: string
  /** of this machine, the likeliest first; at least one */
  addresses: string[]
  certificate: Certificate
}

/** The local network cannot be served. */
export class LanError extends Error {
  readonly kind = 'lan'
}

/**
 * @param host one address of this machine to listen on, instead of all
 * @param file where the certificate is kept
 * @param own addresses of this machine in the network
 * @throws LanError where there is no network, or the machine has no such address
 */
export async function openLan(host = EVERY_INTERFACE, file = lanCertificateFile, own = lanAddresses()): Promise<Lan> {
  const allowed = [...own, ...HERE]
  if (host !== EVERY_INTERFACE && !allowed.includes(host))
    throw new LanError(`--host got ${host}, which is no address of this computer; allowed with --lan: ${allowed.join(', ')}.`)
  const addresses = host === EVERY_INTERFACE ? own : [host]
  if (addresses.length === 0)
    throw new LanError('--lan: this computer is in no network (no IPv4 address but its own); connect it to one, or start without --lan.')
  const name = hostname().toLowerCase()
  const names = [...HERE, ...(isHostName(name) && name !== 'localhost' ? [name] : []), ...own]
  return { host, addresses, certificate: await lanCertificate(file, names) }
}

const isHostName = (text: string) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text)
