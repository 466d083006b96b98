import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { algorithms, checkDraft, datasetNames, topologyNames } from '../engine/index.ts'
import { parseUrl, writeUrl } from './url-state.ts'

const base = new URL('http://localhost:8080/')

describe('parseUrl', () => {
  it('takes the defaults from an empty address', () => {
    expect(parseUrl(base)).toEqual({
      draft: {},
      simulated: false,
      lesson: null,
      room: 'lobby',
      secret: '',
      problems: [],
    })
  })

  it('reads configuration, room and secret', () => {
    const state = parseUrl(
      new URL(
        'https://lab.example/?dataset=cifar10&algorithm.id=d-psgd&augment=false&peer=peers.example:9000/p#room=class-7&secret=s3cret',
      ),
    )
    expect(state.draft).toEqual({ dataset: 'cifar10', 'algorithm.id': 'd-psgd', augment: false })
    expect(state).toMatchObject({ room: 'class-7', secret: 's3cret', problems: [] })
  })

  it('leaves out what is wrong and says so', () => {
    const { draft, problems, room } = parseUrl(new URL('?alpha=-3&steps=50&nonsense=1&workers=9&augment=maybe#room=%3Cb%3E', base))
    expect(draft).toEqual({ steps: '50' })
    expect(room).toBe('lobby')
    expect(problems.map((problem) => problem.field).sort()).toEqual(['alpha', 'augment', 'nonsense', 'room', 'workers'])
  })

  it('says what was likely meant', () => {
    const messages = parseUrl(new URL('?algorithm=gmc&topology=rng&lernrate=1&nonsense=1&lesson=gossip', base)).problems.map(
      ({ field, message }) => `${field}: ${message}`,
    )
    expect(messages).toEqual([
      expect.stringMatching(/^lesson: got "gossip"; allowed: .*\. Did you mean what-gossip-averaging-does\?$/),
      expect.stringMatching(/^algorithm: not a field of a run; left out\. Did you mean algorithm\.id or /),
      'lernrate: not a field of a run; left out. Did you mean learningRate?',
      'nonsense: not a field of a run; left out',
      expect.stringMatching(/^topology: got "rng"; allowed: .*star\. Did you mean ring\?$/),
    ])
  })

  it('takes a number of workers only for simulated ones', () => {
    expect(parseUrl(new URL('?simulated=true&workers=8', base))).toMatchObject({ simulated: true, draft: { workers: '8' }, problems: [] })
    expect(parseUrl(new URL('?workers=8', base)).problems[0].message).toMatch(/simulated=true/)
    const { simulated, draft, problems } = parseUrl(new URL('?simulated=yes&workers=99', base))
    expect({ simulated, draft }).toEqual({ simulated: false, draft: {} })
    expect(problems.map(({ field }) => field)).toEqual(['simulated', 'workers'])
  })

  it('is not fooled by names that every object has', () => {
    expect(parseUrl(new URL('?algorithm.id=valueOf', base)).problems[0]).toMatchObject({ field: 'algorithm.id' })
  })

  it('never throws and always leaves a valid draft, whatever stands in the address', () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('alpha', 'steps', 'algorithm.id', 'algorithm.beta', 'augment', 'peer', '__proto__', 'algorithm'),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.string())), fc.string(), (pairs, fragment) => {
        const url = new URL(base)
        for (const [name, value] of pairs) url.searchParams.append(name, value)
        url.hash = fragment
        const { draft } = parseUrl(url)
        expect(checkDraft(draft).config).not.toBeNull()
      }),
    )
  })
})

describe('writeUrl', () => {
  it('writes only what differs from the defaults, and keeps how tabs reach each other', () => {
    const state = { draft: { steps: '200', topology: 'star', workers: '7' }, simulated: false, lesson: null, room: 'lobby', secret: '' }
    expect(writeUrl(new URL('?peer=a:1/p&alpha=9', base), state).href).toBe('http://localhost:8080/?topology=star&peer=a%3A1%2Fp')
    const connected = new URL('?ice=stun:a&secure=true&ice=stun:b', base)
    expect(writeUrl(connected, state).search).toBe('?topology=star&secure=true&ice=stun%3Aa&ice=stun%3Ab')
    expect(writeUrl(base, { ...state, simulated: true }).search).toBe('?topology=star&workers=7&simulated=true')
  })

  it('is read back as it was written', () => {
    const draft = fc.record({
      dataset: fc.constantFrom(...datasetNames),
      topology: fc.constantFrom(...topologyNames),
      'algorithm.id': fc.constantFrom(...algorithms.map(({ id }) => id)),
      alpha: fc.double({ min: 1e-3, max: 1e6, noNaN: true }).map(String),
      steps: fc.integer({ min: 1, max: 1_000_000 }).map(String),
      augment: fc.boolean(),
    })
    // RelaySGD takes only some topologies.
    const valid = draft.filter((typed) => checkDraft({ ...typed, workers: '1' }).config !== null)
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/)
    fc.assert(
      fc.property(valid, fc.boolean(), word, word, (typed, simulated, room, secret) => {
        const read = parseUrl(writeUrl(base, { draft: typed, simulated, lesson: null, room, secret }))
        expect(read).toMatchObject({ simulated, room, secret, problems: [] })
        expect(checkDraft(read.draft).config).toEqual(checkDraft(typed).config)
      }),
    )
  })
})
