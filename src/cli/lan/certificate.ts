import { X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import path from 'node:path'
import { generate } from 'selfsigned'

const DAY_MS = 24 * 60 * 60 * 1000
/** Safari takes no certificate that is valid for longer than 398 days. */
const VALID_DAYS = 397
/** Not to expire in the middle of a course day. */
const RENEW_DAYS = 7
/** Phones' clocks are late sometimes. */
const CLOCK_SKEW_DAYS = 1

export interface Certificate {
  /** PEM */
  key: string
  /** PEM */
  cert: string
  /** SHA-256 in hexadecimal, as browsers show it */
  fingerprint: string
  validUntil: Date
  /** made just now: devices have not accepted it yet */
  isNew: boolean
}

/**
 * The certificate kept in a file, as long as it stands for all of these names and is valid for a week more; else a new one, which
 * takes its place. The key never leaves the file, which only this user may read.
 * @param names host names and IP addresses
 */
export async function lanCertificate(file: string, names: readonly string[], now = new Date()): Promise<Certificate> {
  const kept = read(await readFile(file, 'utf8').catch(() => ''))
  if (kept && standsFor(kept.x509, names) && isValid(kept.x509, now)) return certificateOf(kept, false)
  const made = await make(names, now)
  await mkdir(path.dirname(file), { recursive: true })
  // Written aside and renamed, so that an interrupted start leaves no half certificate.
  const aside = `${file}.${process.pid}`
  await writeFile(aside, made.key + made.cert, { mode: 0o600 })
  await rename(aside, file)
  return certificateOf({ ...made, x509: new X509Certificate(made.cert) }, true)
}

interface Pems {
  key: string
  cert: string
}

function certificateOf({ key, cert, x509 }: Pems & { x509: X509Certificate }, isNew: boolean): Certificate {
  return { key, cert, fingerprint: x509.fingerprint256, validUntil: new Date(x509.validTo), isNew }
}

/** Null for anything that is no certificate with its key. */
function read(text: string): (Pems & { x509: X509Certificate }) | null {
  const block = (label: string) => new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\\s*`).exec(text)?.[0]
  const [key, cert] = [block('PRIVATE KEY'), block('CERTIFICATE')]
  if (!key || !cert) return null
  try {
    return { key, cert, x509: new X509Certificate(cert) }
  } catch {
    return null
  }
}

const standsFor = (x509: X509Certificate, names: readonly string[]) =>
  names.every((name) => (isIP(name) ? x509.checkIP(name) : x509.checkHost(name)) !== undefined)

function isValid(x509: X509Certificate, now: Date): boolean {
  const from = Date.parse(x509.validFrom)
  const to = Date.parse(x509.validTo) - RENEW_DAYS * DAY_MS
  return from <= now.getTime() && now.getTime() <= to
}

async function make(names: readonly string[], now: Date): Promise<Pems> {
  const notBeforeDate = new Date(now.getTime() - CLOCK_SKEW_DAYS * DAY_MS)
  const altNames = names.map((name) => (isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name }))
  const made = await generate([{ name: 'commonName', value: 'Tabswarm on this network' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate: new Date(notBeforeDate.getTime() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  const line = (pem: string) => `${pem.trim()}\n`
  return { key: line(made.private), cert: line(made.cert) }
}
