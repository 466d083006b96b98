import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Express } from 'express'
import { ExpressPeerServer } from 'peer'
import { type WebSocket, WebSocketServer } from 'ws'

/** Where tabs find the signalling server: `new Peer(id, { host, port, path: PEER_PATH })`. */
export const PEER_PATH = '/peer'

/** A hidden tab's heartbeat may come only once a minute, which is also PeerServer's default limit; the pings below tell the lost ones. */
const HEARTBEAT_TIMEOUT_MS = 5 * 60_000
/** Browsers answer a ping by themselves, hidden or not. A tab that misses one is gone, and its id free again. */
const PING_INTERVAL_MS = 8_000

/**
 * Adds the PeerServer to an app on the same port. Its WebSocket server handles only upgrades under PEER_PATH, so that another one
 * (Vite's) can live on the same HTTP server. Mounting starts it: the app must be the root, or mounted at the root.
 * @returns ends all signalling connections
 */
export function mountPeerServer(app: Express, server: Server): () => void {
  const sockets: WebSocketServer[] = []
  const peerServer = ExpressPeerServer(server, {
    path: '/',
    alive_timeout: HEARTBEAT_TIMEOUT_MS,
    createWebSocketServer: (options) => {
      const webSockets = new WebSocketServer({ noServer: true })
      sockets.push(webSockets)
      server.on('upgrade', (request, socket: Duplex, head) => {
        if (!request.url?.startsWith(options.path ?? PEER_PATH)) return
        webSockets.handleUpgrade(request, socket, head, (webSocket) => webSockets.emit('connection', webSocket, request))
      })
      return webSockets
    },
  })
  // A broken signalling connection is the tab's to mend; without a listener it would end the server.
  peerServer.on('error', () => {})
  app.use(PEER_PATH, peerServer)
  const pinging = setInterval(() => sockets.forEach(pingClients), PING_INTERVAL_MS)
  return () => {
    clearInterval(pinging)
    for (const webSockets of sockets) {
      for (const client of webSockets.clients) client.terminate()
      webSockets.close()
    }
  }
}

const unanswered = new WeakSet<WebSocket>()

function pingClients({ clients }: WebSocketServer): void {
  for (const client of clients) {
    if (unanswered.has(client)) {
      client.terminate()
      continue
    }
    unanswered.add(client)
    client.once('pong', () => unanswered.delete(client))
    client.ping()
  }
}
