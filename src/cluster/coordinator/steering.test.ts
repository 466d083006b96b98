import { describe, expect, it, vi } from 'vitest'
import { config, freshWorld, phases } from './coordinator-world.fixture.ts'

const world = freshWorld()

describe('pausing', () => {
  it('is aligned to the end of a round, wherever the workers are', async () => {
    const [a, b, c] = await world.running('a', 'b', 'c')
    a.train(4)
    b.train(5)
    c.train(3)
    for (const page of world.pages) page.coordinator.flush()
    await world.settle()
    const paused = c.coordinator.pause()
    await world.settle()
    await paused
    expect(world.pages.map((page) => page.limit)).toEqual([8, 8, 8])
    expect(a.state).toMatchObject({ phase: 'running', until: 8 })
    a.trainToLimit()
    b.trainToLimit()
    await world.settle()
    expect(a.state.phase).toBe('running')
    c.trainToLimit()
    await world.settle()
    expect(phases(world.pages)).toEqual(['paused', 'paused', 'paused'])
    expect(a.state.seats.map((seat) => seat.step)).toEqual([8, 8, 8])
  })

  it('trains one round, then pauses again; and resumes', async () => {
    const [a, b] = await world.running('a', 'b')
    await a.coordinator.pause()
    await world.settle()
    for (const page of world.pages) page.trainToLimit()
    await world.settle()
    const stepped = b.coordinator.stepRound()
    await world.settle()
    await stepped
    expect(phases(world.pages)).toEqual(['running', 'running'])
    expect(world.pages.map((page) => page.limit)).toEqual([8, 8])
    for (const page of world.pages) page.trainToLimit()
    await world.settle()
    expect(phases(world.pages)).toEqual(['paused', 'paused'])
    const resumed = b.coordinator.resume()
    await world.settle()
    await resumed
    expect(world.pages.map((page) => page.limit)).toEqual([null, null])
    expect(a.state).toMatchObject({ phase: 'running', until: null })
  })

  it('takes the others along when a worker is further already', async () => {
    const [a, b] = await world.running('a', 'b')
    b.train(6)
    const paused = a.coordinator.pause()
    await world.settle()
    await paused
    expect(world.pages.map((page) => page.limit)).toEqual([4, 4])
    b.coordinator.flush()
    await world.settle()
    expect(world.pages.map((page) => page.limit)).toEqual([8, 8])
    for (const page of world.pages) page.trainToLimit()
    await world.settle()
    expect(phases(world.pages)).toEqual(['paused', 'paused'])
  })

  it('does so too when a worker has just begun the step after the pause', async () => {
    const [a, b] = await world.running('a', 'b')
    b.train(4)
    await a.coordinator.pause()
    await world.settle()
    a.trainToLimit()
    b.coordinator.flush()
    await world.settle()
    expect(world.pages.map((page) => page.limit)).toEqual([4, 4])
    vi.advanceTimersByTime(1_100)
    b.coordinator.flush()
    await world.settle()
    expect(world.pages.map((page) => page.limit)).toEqual([8, 8])
  })

  it('is refused before the run runs, and when there is none', async () => {
    const [a] = world.join('a', 'b')
    await expect(a.coordinator.pause()).rejects.toThrow('There is no run to steer. Start one first.')
    await a.coordinator.start(config)
    await expect(a.coordinator.pause()).rejects.toThrow('The run is still being prepared.')
  })
})

describe('ending', () => {
  it('is finished when every worker is', async () => {
    const [a, b] = await world.running('a', 'b')
    a.finish()
    await world.settle()
    expect(phases(world.pages)).toEqual(['running', 'running'])
    b.finish()
    await world.settle()
    expect(phases(world.pages)).toEqual(['finished', 'finished'])
    expect(b.heard).toEqual(['a finished 0', 'b finished 1'])
    b.coordinator.reset()
    expect(phases(world.pages)).toEqual(['finished', 'idle'])
    const again = a.coordinator.start(config)
    await world.settle()
    await again
    expect(phases(world.pages)).toEqual(['preparing', 'preparing'])
  })

  it('stops when anybody asks, and tells who', async () => {
    const [a, b, c] = await world.running('a', 'b', 'c')
    a.coordinator.reset()
    expect(a.state.phase).toBe('running')
    const stopped = c.coordinator.stop()
    await world.settle()
    await stopped
    expect(phases(world.pages)).toEqual(['stopped', 'stopped', 'stopped'])
    expect(a.state.message).toBe('Stopped by Tab 3.')
    for (const page of [a, b, c]) expect(page.types().at(-1)).toBe('stop')
  })

  it('fails for all when a worker fails', async () => {
    const [a, b] = await world.running('a', 'b')
    b.coordinator.onWorker({ type: 'failed', run: b.run, message: 'the loss is NaN: training diverged' })
    await world.settle()
    expect(phases(world.pages)).toEqual(['failed', 'failed'])
    expect(a.state.message).toBe('Tab 2: the loss is NaN: training diverged')
  })
})
