import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../engine/index.ts'
import { configsOf } from '../schema.ts'
import { lessons } from './index.ts'

it('has eight lessons, each with an address of its own', () => {
  expect(new Set(lessons.map(({ id }) => id)).size).toBe(8)
})

describe.each(lessons)('$id', (lesson) => {
  it('runs on the built-in pictures, in a time that a class has', () => {
    for (const step of lesson.steps)
      for (const config of configsOf(lesson, step).map(parseRunConfig)) {
        expect(config.dataset).toBe('shapes10')
        expect(config.workers * config.batchSize * config.steps).toBeLessThanOrEqual(20_000)
      }
  })

  it('says in every step what to watch and what was seen, and offers no trial twice', () => {
    for (const step of lesson.steps) {
      expect(step.watch, step.title).toBeDefined()
      expect(step.seen, step.title).toBeDefined()
      const configs = configsOf(lesson, step).map((config) => JSON.stringify(parseRunConfig(config)))
      expect(new Set(configs).size).toBe(configs.length)
    }
  })

  it('leaves on screen what its steps are about', () => {
    const changed = new Set(
      lesson.steps.flatMap(({ config, trials }) => [config, ...trials.map((trial) => trial.config)]).flatMap(Object.keys),
    )
    for (const name of changed) expect(lesson.controls).toContain(name)
  })
})
