import { Command, InvalidArgumentError } from 'commander'
import { cifarFormats } from '../../engine/index.ts'
import { ICE_EXPECTED, parseIceServer } from '../../p2p/index.ts'
import { announcement, lanAddresses, openLan } from '../lan/index.ts'
import { openBrowser } from '../open-browser.ts'
import { progressLine } from '../progress.ts'
import { type LabServer, startServer } from '../server/index.ts'
import { makeReady } from '../set-up.ts'

const DEFAULT_PORT = 5173

interface ServeOptions {
  port?: number
  host?: string
  lan?: boolean
  ice?: string[]
  open: boolean
}

/** `lab serve`: what `npm start` runs. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the lab, with signalling and data sets, on one port')
    .option('--lan', 'serve https to all devices on the local network, with a certificate made here')
    .option('--port <number>', `port to listen on (default: ${DEFAULT_PORT}, or the next free one)`, parsePort)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1; with --lan all addresses of this computer)')
    .option('--ice <server>', `STUN or TURN server for tabs in other networks: ${ICE_EXPECTED}; may be repeated`, collectIce)
    .option('--no-open', 'do not open a browser')
    .action(async (options: ServeOptions) => {
      await serve(options)
    })
}

async function serve({ port, host, lan, ice = [], open }: ServeOptions): Promise<void> {
  const ports = { port: port ?? DEFAULT_PORT, extraPorts: port === undefined ? 50 : 0 }
  await makeReady({ build: true })
  const network = lan ? await openLan(host) : null
  const server = await startServer(
    network
      ? { ...ports, ice, host: network.host, certificate: network.certificate, publicHost: network.addresses[0] }
      : { ...ports, ice, host },
  )
  // The certificate is for others: on this computer plain http is a secure context too, and warns of nothing.
  const here = network && isOpen(network.host) ? `http://localhost:${server.port}/` : server.url
  if (network) {
    const { addresses, certificate } = network
    process.stdout.write(announcement({ urls: addresses.map(server.urlAt), here, certificate, colors: process.stdout.isTTY }))
  } else process.stdout.write(`Tabswarm is at ${here} (open it in several tabs; --lan lets other devices in; Ctrl-C stops it)\n`)
  for (const address of network || !isOpen(host) ? [] : lanAddresses())
    process.stdout.write(`  other devices: ${server.urlAt(address)} (without https they train without WebGPU; --lan serves https)\n`)
  const closed = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close().then(resolve))
  })
  if (open) openBrowser(here)
  void prepareInBackground(server)
  await closed
}

async function prepareInBackground({ board }: LabServer): Promise<void> {
  const line = progressLine(cifarFormats.cifar10.title)
  const { state, message } = await board.prepare('cifar10', ({ stage, fraction, detail }) => line.update(stage, fraction, detail))
  line.done(state === 'ready' ? `ready. ${message}` : message.replace(/^CIFAR-10 /, ''))
}

const isOpen = (host: string | undefined) => host === '0.0.0.0' || host === '::'

function collectIce(text: string, before: string[] = []): string[] {
  if (!parseIceServer(text)) throw new InvalidArgumentError(`expected ${ICE_EXPECTED}.`)
  return [...before, text]
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('allowed: a whole number from 0 (any free port) to 65535.')
  return port
}
