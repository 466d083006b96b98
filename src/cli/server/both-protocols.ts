import type { Server } from 'node:http'
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'

/** The first byte of a TLS handshake (RFC 8446, section 5.1); no HTTP request begins with it. */
const HANDSHAKE = 22

export interface BothProtocols {
  /** to listen with */
  door: NetServer
  /** Ends all connections, also of visitors who have not said anything yet. */
  closeAllConnections(): void
}

/** One port for https and http: what comes through TLS and what comes plainly is answered by the same HTTP server. */
export function acceptBoth(http: Server, certificate: { key: string; cert: string }): BothProtocols {
  const sockets = new Set<Socket>()
  const secure = new TlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, (socket) => http.emit('connection', socket))
  secure.on('tlsClientError', (_, socket) => socket.destroy())
  const door = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A visitor that breaks off is nobody's error.
    socket.on('error', () => socket.destroy())
    socket.once('data', (first) => {
      socket.pause()
      socket.unshift(first)
      const server = first[0] === HANDSHAKE ? secure : http
      server.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
  return {
    door,
    closeAllConnections() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
