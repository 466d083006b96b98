import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { stepEvent } from '../events.fixture.ts'
import { freshWorld } from './coordinator-world.fixture.ts'

const world = freshWorld()

describe('messages from peers', () => {
  it('drops and counts what is malformed', async () => {
    const [a, b] = await world.running('a', 'b')
    const before = a.state
    const status = {
      run: a.run,
      number: 50,
      config: before.config,
      participants: [{ id: 'a', name: 'A' }],
      view: { number: 9, members: ['b'] },
      steering: ['b'],
      phase: 'stopped',
      until: null,
      message: '',
      facts: null,
    }
    const bad: unknown[] = [
      null,
      7,
      'run/status',
      {},
      { type: 'run/status' },
      { type: 'run/status', status },
      { type: 'run/status', status: { ...status, participants: [{ id: 'b', name: 'B' }], steering: ['a'] } },
      { type: 'run/assignment', assignment: { order: 'alphabetical', sitOut: [] } },
      { type: 'run/ask', id: 1, ask: { type: 'explode' } },
    ]
    bad.push(
      { type: 'run/report', run: a.run, report: { type: 'ready' } },
      { type: 'run/sync', more: true },
      { type: 'run/metrics', run: a.run, events: 'many' },
    )
    for (const body of bad) world.rooms.put('b', 'a', body)
    await world.settle()
    expect(a.coordinator.drops.malformed).toBe(bad.length)
    expect(a.state).toBe(before)
    expect(b.state.phase).toBe('running')
  })

  it('survives any JSON', async () => {
    const [a, b] = await world.running('a', 'b')
    const types = fc.constantFrom('run/status', 'run/ask', 'run/answer', 'run/report', 'run/metrics', 'run/profile', 'run/sync')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            type: types,
            run: fc.constant(a.run),
            status: fc.jsonValue(),
            report: fc.jsonValue(),
            events: fc.array(fc.jsonValue()),
          }),
        ),
        (body) => {
          world.rooms.put('b', 'a', body)
          world.rooms.deliver()
          expect(a.state.phase).toBe('running')
        },
      ),
    )
    expect(b.state.phase).toBe('running')
  })

  it('takes no status from somebody who does not coordinate', async () => {
    const [a, , c] = await world.running('a', 'b', 'c')
    const participants = ['a', 'b', 'c'].map((id) => ({ id, name: id }))
    const status = {
      run: a.run,
      number: 50,
      config: a.state.config,
      participants,
      view: { number: 9, members: ['b', 'c'] },
      steering: ['b', 'c'],
      phase: 'stopped',
      until: null,
      message: '',
      facts: null,
    }
    world.rooms.put('b', 'c', { type: 'run/status', status })
    world.rooms.put('b', 'c', { type: 'run/status', status: { ...status, run: '0'.repeat(32), phase: 'preparing' } })
    await world.settle()
    expect(c.state.phase).toBe('running')
    expect(c.coordinator.drops.ignored).toBe(2)
    expect(c.types()).toEqual(['prepare', 'go'])
  })

  it('takes metrics of a worker only from itself', async () => {
    const [a, b] = await world.running('a', 'b')
    const [late] = world.join('late')
    // A number that is none crosses as null.
    const event = { ...stepEvent(1, 1), loss: null }
    world.rooms.put('a', 'b', { type: 'run/metrics', run: a.run, events: [event] })
    world.rooms.put('late', 'b', { type: 'run/metrics', run: a.run, events: [event] })
    world.rooms.put('a', 'b', { type: 'run/metrics', run: '0'.repeat(32), events: [{ ...event, rank: 0 }] })
    world.rooms.put('a', 'b', {
      type: 'run/metrics',
      run: a.run,
      events: [
        { ...event, rank: 0 },
        { ...event, rank: 0, loss: 'low' },
      ],
    })
    await world.settle()
    expect(b.heard).toEqual(['a step 0'])
    expect(b.coordinator.drops).toEqual({ malformed: 1, ignored: 3 })
    expect(late.state.phase).toBe('running')
  })

  it('sends metrics in batches', async () => {
    const [a, b] = await world.running('a', 'b')
    const sent = vi.spyOn(a.room, 'broadcast')
    a.train(20)
    expect(sent).not.toHaveBeenCalled()
    a.coordinator.flush()
    a.coordinator.flush()
    expect(sent).toHaveBeenCalledTimes(1)
    await world.settle()
    expect(b.heard).toHaveLength(20)
  })
})
