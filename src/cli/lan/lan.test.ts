import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { announcement, LanError, lanAddresses, lanCertificate, openLan } from './index.ts'

const DAY_MS = 86_400_000

describe('lanAddresses', () => {
  const address = (text: string, internal = false, family: 'IPv4' | 'IPv6' = 'IPv4') =>
    ({ address: text, netmask: '', family, mac: '', internal, cidr: null, scopeid: 0 }) as never

  it('takes the IPv4 addresses that others can reach, those of virtual interfaces last', () => {
    const interfaces = {
      lo: [address('127.0.0.1', true)],
      docker0: [address('172.17.0.1')],
      wlan0: [address('192.168.1.5'), address('fe80::1', false, 'IPv6'), address('169.254.3.4')],
      eth0: [address('10.0.0.9')],
    }
    expect(lanAddresses(interfaces)).toEqual(['192.168.1.5', '10.0.0.9', '172.17.0.1'])
    expect(lanAddresses({ lo: [address('127.0.0.1', true)], off: undefined })).toEqual([])
  })
})

describe('lanCertificate', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tabswarm-'))
    file = path.join(folder, 'cache/lan.pem')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('makes one for the names that only this user may read, and takes it again', async () => {
    const made = await lanCertificate(file, ['localhost', '192.0.2.4'])
    const x509 = new X509Certificate(made.cert)
    expect(x509.checkIP('192.0.2.4')).toBe('192.0.2.4')
    expect(x509.checkHost('localhost')).toBe('localhost')
    expect(x509.checkIP('192.0.2.5')).toBeUndefined()
    expect(made.isNew).toBe(true)
    // Safari takes no longer ones.
    expect(made.validUntil.getTime() - Date.parse(x509.validFrom)).toBeLessThanOrEqual(398 * DAY_MS)
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await lanCertificate(file, ['localhost', '192.0.2.4'])).toEqual({ ...made, isNew: false })
  })

  it('makes another when an address is new, when the old one is about to expire, and when the file is damaged', async () => {
    const made = await lanCertificate(file, ['192.0.2.4'])
    const { fingerprint } = await lanCertificate(file, ['192.0.2.4', '192.0.2.5'])
    expect(fingerprint).not.toBe(made.fingerprint)
    const almostOver = new Date(made.validUntil.getTime() - 6 * DAY_MS)
    const later = await lanCertificate(file, ['192.0.2.4'], almostOver)
    expect(later.isNew).toBe(true)
    expect(later.validUntil.getTime()).toBeGreaterThan(almostOver.getTime() + 300 * DAY_MS)
    await writeFile(file, (await readFile(file, 'utf8')).replace(/-----BEGIN CERTIFICATE-----[^-]+/, '-----BEGIN CERTIFICATE-----\nAAAA\n'))
    expect((await lanCertificate(file, ['192.0.2.4'])).isNew).toBe(true)
  })

  it('stands for this computer and the address to listen on', async () => {
    const { addresses, host, certificate } = await openLan('127.0.0.1', file)
    expect({ addresses, host }).toEqual({ addresses: ['127.0.0.1'], host: '127.0.0.1' })
    expect(new X509Certificate(certificate.cert).checkIP('127.0.0.1')).toBe('127.0.0.1')
  })

  it('refuses an address of another machine, and leaves the certificate alone', async () => {
    await expect(openLan('192.0.2.9', file, ['192.0.2.4'])).rejects.toThrow(
      /--host got 192\.0\.2\.9, .*; allowed with --lan: 192\.0\.2\.4, localhost/,
    )
    await expect(stat(file)).rejects.toThrow()
  })

  it('says so where there is no network', async () => {
    await expect(openLan('0.0.0.0', file, [])).rejects.toThrow(LanError)
    await expect(openLan('0.0.0.0', file, [])).rejects.toThrow(/--lan: this computer is in no network/)
  })
})

it('announces the address with a code, and how each browser accepts the certificate', () => {
  const certificate = { fingerprint: 'AB:CD', validUntil: new Date('2027-01-02T00:00:00Z'), isNew: true }
  const urls = ['https://192.168.1.5:5173/', 'https://172.17.0.1:5173/']
  const told = announcement({ urls, here: 'http://localhost:5173/', certificate, colors: false })
  for (const part of [...urls, 'http://localhost:5173/', '▄▄▄▄▄', 'Firefox', 'http://192.168.1.5:5173/', '2027-01-02', 'AB:CD'])
    expect(told).toContain(part)
  expect(told).toMatch(/every device asks once/)
  expect(announcement({ urls, here: '', certificate: { ...certificate, isNew: false }, colors: true })).toMatch(/does not ask again/)
})
