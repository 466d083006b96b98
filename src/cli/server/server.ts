import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import type { LabSettings } from '../../p2p/index.ts'
import { builtLabFolder, datasetsFolder } from '../paths.ts'
import { acceptBoth } from './both-protocols.ts'
import type { DatasetBoard } from './dataset-board.ts'
import { createLabApp } from './lab-app.ts'
import { PEER_PATH } from './peer-server.ts'

export interface ServerOptions {
  /** 0 takes any free port */
  port?: number
  /** how many following ports to try when the first is taken */
  extraPorts?: number
  host?: string
  /** folder of prepared data sets */
  datasets?: string
  /** folder of the built lab */
  built?: string
  /** serves https as well, with this key and certificate (PEM); else plain http only */
  certificate?: { key: string; cert: string }
  /** STUN and TURN servers for the pages, as `parseIceServer` reads them */
  ice?: string[]
  /** the host name or address by which other devices reach this lab */
  publicHost?: string
}

export interface LabServer {
  /** with a slash at the end */
  url: string
  port: number
  /** the address at which another host name or IP address of this machine reaches it */
  urlAt(host: string): string
  board: DatasetBoard
  /** Ends all connections and the preparation of data sets. */
  close(): Promise<void>
}

/** No port could be had. */
export class ServerError extends Error {
  readonly kind = 'server'
}

/**
 * Serves the built lab, the prepared data sets and the PeerServer on one port.
 * @throws ServerError when no port can be had
 */
export async function startServer(options: ServerOptions = {}): Promise<LabServer> {
  const { port = 0, extraPorts = 0, host = '127.0.0.1', datasets = datasetsFolder, built = builtLabFolder, certificate } = options
  const { ice, publicHost } = options
  const server = createServer()
  const both = certificate ? acceptBoth(server, certificate) : null
  const door = both?.door ?? server
  const urlAt = (name: string) => `${certificate ? 'https' : 'http'}://${urlHost(name)}:${(door.address() as AddressInfo).port}/`
  const settings = (): LabSettings => ({ ice, address: publicHost && urlAt(publicHost) })
  const lab = createLabApp(server, { datasets, built, settings })
  server.on('request', lab.app)
  server.on('upgrade', (request, socket) => {
    if (!request.url?.startsWith(PEER_PATH)) socket.destroy()
  })
  await listen(door, host, port, extraPorts)
  return {
    url: urlAt(host),
    urlAt,
    port: (door.address() as AddressInfo).port,
    board: lab.board,
    async close() {
      const closed = new Promise((resolve) => door.close(resolve))
      server.closeAllConnections()
      both?.closeAllConnections()
      await Promise.all([closed, lab.close()])
    },
  }
}

async function listen(server: Server, host: string, port: number, extraPorts: number): Promise<void> {
  for (let candidate = port; ; candidate++)
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(candidate, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
      return
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE' && candidate < port + extraPorts) continue
      const range = extraPorts > 0 ? `ports ${port} to ${port + extraPorts} are` : `port ${port} is`
      throw new ServerError(
        code === 'EADDRINUSE' ? `${range} taken; choose another with --port.` : `cannot listen on ${host}:${candidate}: ${message}`,
        { cause: error },
      )
    }
}

/** A page needs localhost for WebGPU, so a server on all interfaces is shown by its local address. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
