import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { builtLabFolder, datasetsFolder } from '../paths.ts'
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
}

export interface LabServer {
  /** with a slash at the end */
  url: string
  port: number
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
  const { port = 0, extraPorts = 0, host = '127.0.0.1', datasets = datasetsFolder, built = builtLabFolder } = options
  const server = createServer()
  const lab = createLabApp(server, { datasets, built })
  server.on('request', lab.app)
  server.on('upgrade', (request, socket) => {
    if (!request.url?.startsWith(PEER_PATH)) socket.destroy()
  })
  await listen(server, host, port, extraPorts)
  const address = server.address() as AddressInfo
  return {
    url: `http://${urlHost(host)}:${address.port}/`,
    port: address.port,
    board: lab.board,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
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
