import { describe, expect, it } from 'vitest'
import { learningRateAt } from './schedule.ts'

const base = { learningRate: 0.1, schedule: 'constant' as const, warmupEpochs: 0, steps: 800 }
const at = (change: Partial<Omit<typeof base, 'schedule'>> & { schedule?: 'constant' | 'cosine' | 'step' }, step: number) =>
  learningRateAt({ ...base, ...change }, step, 100)

describe('learningRateAt', () => {
  it('is constant', () => expect([at({}, 0), at({}, 799)]).toEqual([0.1, 0.1]))

  it('follows the cosine per epoch, without restarts', () => {
    expect(at({ schedule: 'cosine' }, 99)).toBe(0.1)
    expect(at({ schedule: 'cosine' }, 400)).toBeCloseTo(0.05, 12)
    expect(at({ schedule: 'cosine' }, 799)).toBeCloseTo(0.05 * (1 + Math.cos((7 * Math.PI) / 8)), 12)
  })

  it('drops to a tenth at half and again at three quarters', () => {
    expect([399, 400, 599, 600].map((step) => at({ schedule: 'step' }, step))).toEqual([0.1, 0.1 * 0.1, 0.1 * 0.1, 0.1 * 0.01])
  })

  it('warms up linearly, then leaves the schedule alone', () => {
    expect(at({ warmupEpochs: 2 }, 0)).toBeCloseTo(0.1 / 200, 12)
    expect(at({ warmupEpochs: 2 }, 99)).toBeCloseTo(0.05, 12)
    expect(at({ warmupEpochs: 2 }, 200)).toBe(0.1)
  })
})
