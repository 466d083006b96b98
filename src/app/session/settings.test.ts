import { afterEach, expect, it, vi } from 'vitest'
import { useLab } from '../store.ts'
import { loadSettings } from './settings.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  useLab.setState(useLab.getInitialState())
})

const page = new URL('https://lab.example/below/?steps=5#room=a')

/** Answers every request with that, and returns the addresses asked for. */
function answer(body: string, { status = 200, type = 'application/json' } = {}): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: URL) => {
    asked.push(url.href)
    return new Response(body, { status, headers: { 'Content-Type': type } })
  })
  return asked
}

it('reads tabswarm.json beside the page', async () => {
  const asked = answer('{"peer":"peers.example:9000/","secure":true,"ice":["stun:a"]}')
  expect(await loadSettings(page)).toEqual({ peer: 'peers.example:9000/', secure: true, ice: ['stun:a'] })
  expect(asked).toEqual(['https://lab.example/below/tabswarm.json'])
  expect(useLab.getState().log).toEqual([])
})

it('goes on silently where there is none', async () => {
  answer('not there', { status: 404 })
  expect(await loadSettings(page)).toEqual({})
  answer('<title>Not found</title>', { type: 'text/html; charset=utf-8' })
  expect(await loadSettings(page)).toEqual({})
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  expect(await loadSettings(page)).toEqual({})
  expect(useLab.getState().log).toEqual([])
})

it('says what is wrong with one that cannot be used', async () => {
  answer('{"ice":["nonsense"]}')
  expect(await loadSettings(page)).toEqual({})
  expect(useLab.getState().notice?.text).toMatch(/^tabswarm\.json beside this page cannot be used\. ice\.0: got "nonsense"; expected stun:/)
  answer('{"ice":')
  expect(await loadSettings(page)).toEqual({})
  expect(useLab.getState().notice?.text).toMatch(/cannot be used/)
})
