import { expect, it } from 'vitest'
import { labSettings, parseIceServer, parsePeerPlace } from './index.ts'

it('reads STUN and TURN servers as in RFC 7064 and 7065, with credentials before the host', () => {
  expect(parseIceServer('stun:stun.example.org:3478')).toEqual({ urls: 'stun:stun.example.org:3478' })
  expect(parseIceServer('stuns:[2001:db8::1]')).toEqual({ urls: 'stuns:[2001:db8::1]' })
  expect(parseIceServer('turn:ann:p:w@turn.example:3478?transport=tcp')).toEqual({
    urls: 'turn:turn.example:3478?transport=tcp',
    username: 'ann',
    credential: 'p:w',
  })
  // A TURN server without credentials would be refused by the browser.
  const wrong = ['', 'stun:', 'turn:turn.example', 'http://a', 'stun:a b', 'stun:a:0', 'stun:a:70000', 'turn:u:p@', 'stun:a?transport=udp']
  for (const text of wrong) expect(parseIceServer(text), text).toBeNull()
})

it('reads where a PeerServer is', () => {
  expect(parsePeerPlace('peers.example')).toEqual({ host: 'peers.example', port: null, path: '/peer' })
  expect(parsePeerPlace('0.peerjs.com:443/')).toEqual({ host: '0.peerjs.com', port: 443, path: '/' })
  expect(parsePeerPlace('[::1]:9000/p/q')).toEqual({ host: '[::1]', port: 9_000, path: '/p/q' })
  for (const text of ['', ':::', 'a:0', 'a:70000', 'https://a', 'a/<b>']) expect(parsePeerPlace(text), text).toBeNull()
})

it('checks the settings of a host by name', () => {
  const settings = { peer: '0.peerjs.com:443/', secure: true, ice: ['stun:a.example'], address: 'https://192.0.2.1:5173/' }
  expect(labSettings.parse(settings)).toEqual(settings)
  expect(labSettings.parse({})).toEqual({})
  const { error } = labSettings.safeParse({ peer: '::', ice: ['stun:a', 'nonsense'], address: 'ftp://a', pear: 1 })
  expect(error?.issues.map(({ path }) => path.join('.')).sort()).toEqual(['', 'address', 'ice.1', 'peer'])
  expect(error?.issues.find(({ path }) => path[0] === 'ice')?.message).toBe(
    'got "nonsense"; expected stun:host:port, or turn:user:password@host:port',
  )
})
