import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connectionOf } from './connection.ts'

const http = new URL('http://localhost:8080/lab/')
const https = new URL('https://lab.example/')
const publicServer = { peer: '0.peerjs.com:443/', secure: true, ice: ['stun:stun.example:3478'] }

it('takes the PeerServer beside the pages, and no ICE servers', () => {
  const server = { host: 'localhost', port: 8080, path: '/peer', secure: false }
  expect(connectionOf(http, {})).toEqual({ server, own: true, iceServers: [], problems: [] })
  expect(connectionOf(https, {}).server).toEqual({ host: 'lab.example', port: 443, path: '/peer', secure: true })
})

it('takes what the settings of the host say', () => {
  expect(connectionOf(http, publicServer)).toEqual({
    server: { host: '0.peerjs.com', port: 443, path: '/', secure: true },
    own: false,
    iceServers: [{ urls: 'stun:stun.example:3478' }],
    problems: [],
  })
  expect(connectionOf(http, { ice: ['stun:a'] })).toMatchObject({ own: true, iceServers: [{ urls: 'stun:a' }] })
})

it('takes what the address says before it', () => {
  const asked = (query: string, page = http) => connectionOf(new URL(query, page), publicServer)
  // What the settings say about security is about their own server.
  expect(asked('?peer=peers.example:9000/p').server).toEqual({ host: 'peers.example', port: 9000, path: '/p', secure: false })
  expect(asked('?peer=peers.example&secure=true').server).toEqual({ host: 'peers.example', port: 443, path: '/peer', secure: true })
  expect(asked('?peer=127.0.0.1:9000&secure=false', https).server.secure).toBe(false)
  expect(asked('?ice=stun:a&ice=turn:u:p@b:3478').iceServers).toEqual([
    { urls: 'stun:a' },
    { urls: 'turn:b:3478', username: 'u', credential: 'p' },
  ])
})

it('leaves out what is wrong and says so', () => {
  const { server, iceServers, problems } = connectionOf(new URL('?peer=:::&secure=maybe&ice=stun:a&ice=nonsense', http), {})
  expect(server).toEqual({ host: 'localhost', port: 8080, path: '/peer', secure: false })
  expect(iceServers).toEqual([{ urls: 'stun:a' }])
  expect(problems.map(({ field }) => field)).toEqual(['peer', 'secure', 'ice'])
  expect(problems[1].message).toBe('got "maybe"; expected true or false')
})

it('never throws, whatever stands in the address', () => {
  const name = fc.constantFrom('peer', 'secure', 'ice')
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string())), (pairs) => {
      const url = new URL(http)
      for (const [key, value] of pairs) url.searchParams.append(key, value)
      const { port } = connectionOf(url, {}).server
      expect(port).toBeGreaterThan(0)
    }),
  )
})
