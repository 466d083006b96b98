import { networkInterfaces } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import { cifarFormats } from '../../engine/index.ts'
import { openBrowser } from '../open-browser.ts'
import { progressLine } from '../progress.ts'
import { type LabServer, startServer } from '../server/index.ts'

const DEFAULT_PORT = 5173

interface ServeOptions {
  port?: number
  host: string
  open: boolean
}

/** `lab serve`: what `npm start` runs. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the lab, with signalling and data sets, on one port')
    .option('--port <number>', `port to listen on (default: ${DEFAULT_PORT}, or the next free one)`, parsePort)
    .option('--host <address>', 'address to listen on; 0.0.0.0 lets other devices in', '127.0.0.1')
    .option('--no-open', 'do not open a browser')
    .action(async (options: ServeOptions) => {
      await serve(options)
    })
}

async function serve({ port, host, open }: ServeOptions): Promise<void> {
  const server = await startServer({ port: port ?? DEFAULT_PORT, extraPorts: port === undefined ? 50 : 0, host })
  process.stdout.write(`Tabswarm is at ${server.url} (open it in several tabs; Ctrl-C stops it)\n`)
  for (const address of lanAddresses(host))
    process.stdout.write(`  other devices: http://${address}:${server.port}/ (without https they train without WebGPU)\n`)
  const closed = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close().then(resolve))
  })
  if (open) openBrowser(server.url)
  void prepareInBackground(server)
  await closed
}

async function prepareInBackground({ board }: LabServer): Promise<void> {
  const line = progressLine(cifarFormats.cifar10.title)
  const { state, message } = await board.prepare('cifar10', ({ stage, fraction, detail }) => line.update(stage, fraction, detail))
  line.done(state === 'ready' ? `ready. ${message}` : message.replace(/^CIFAR-10 /, ''))
}

function lanAddresses(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return []
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('allowed: a whole number from 0 (any free port) to 65535.')
  return port
}
