import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../engine/index.ts'
import {
  type CurveFigures,
  checkExperiment,
  curvesOf,
  type Experiment,
  type ExperimentText,
  figuresOf,
  meanCurvature,
  optimum,
  parseExperiment,
  type QuadraticMethodId,
  quadraticDistance,
  quadraticMethodIds,
  quadraticProblem,
  runCurve,
} from './index.ts'

async function figures(experiment: Experiment, method: QuadraticMethodId, k: number | null): Promise<CurveFigures> {
  return figuresOf(await runCurve(experiment, { method, k }), experiment.steps)
}

async function tail(experiment: Experiment, method: QuadraticMethodId, k: number | null): Promise<number> {
  return (await figures(experiment, method, k)).tailDistance ?? Number.NaN
}

describe('the effect that the constants are chosen to show', () => {
  it.each([{}, { seed: '7' }, { beta: '0.8' }, { learningRate: '0.0025', steps: '800' }] satisfies ExperimentText[])(
    'plane, %j: GMC settles at least four times nearer the optimum than DGC without masking, and nearer than DGC with it',
    async (texts) => {
      const experiment = parseExperiment(texts)
      const gmc = await tail(experiment, 'gmc', 1)
      expect(gmc).toBeGreaterThan(1e-3)
      expect((await tail(experiment, 'dgc-no-masking', 1)) / gmc).toBeGreaterThan(4)
      expect((await tail(experiment, 'dgc', 1)) / gmc).toBeGreaterThan(1.5)
      expect(await tail(experiment, 'dmsgd', null)).toBeLessThan(1e-5)
    },
  )

  it('large: GMC settles nearest, but at k = 1 it comes near later than DGC without masking', async () => {
    const experiment = parseExperiment({ preset: 'large' })
    const [gmc, without, masked] = await Promise.all(
      (['gmc', 'dgc-no-masking', 'dgc'] as const).map((method) => figures(experiment, method, 1)),
    )
    expect((without.tailDistance ?? 0) / (gmc.tailDistance ?? 0)).toBeGreaterThan(2.5)
    expect((masked.tailDistance ?? 0) / (gmc.tailDistance ?? 0)).toBeGreaterThan(2)
    expect(gmc.firstWithinFifth).toBeGreaterThan(without.firstWithinFifth ?? 0)
  })
})

describe('runs', () => {
  it('every method runs in the plane, records every step, and takes the same way again', async () => {
    const experiment = parseExperiment({ steps: '60', methods: quadraticMethodIds.join(',') })
    for (const curve of curvesOf(experiment)) {
      const run = await runCurve(experiment, curve)
      expect(run).toMatchObject({ ...curve, diverged: false })
      expect(run.distances).toHaveLength(61)
      expect(run.path).toHaveLength(61)
      expect(await runCurve(experiment, curve)).toEqual(run)
    }
  })

  it('without compression GMC and DGC without masking are DMSGD', async () => {
    const experiment = parseExperiment({ k: '2', steps: '60' })
    const [dmsgd, gmc, dgc] = await Promise.all(
      (['dmsgd', 'gmc', 'dgc-no-masking'] as const).map((method) => runCurve(experiment, { method, k: 2 })),
    )
    for (const { distances } of [gmc, dgc]) distances.forEach((value, step) => expect(value).toBeCloseTo(dmsgd.distances[step], 3))
  })

  it('a run that diverges says so and ends', async () => {
    const experiment = parseExperiment({ learningRate: '1' })
    const run = await runCurve(experiment, { method: 'dmsgd', k: null })
    expect(run.diverged).toBe(true)
    expect(run.distances.length).toBeLessThan(experiment.steps)
    expect(run.distances.every(Number.isFinite)).toBe(true)
    const { tailDistance, distances } = figuresOf(run, experiment.steps)
    expect([tailDistance, distances.at(-1)]).toEqual([null, { step: 400, distance: null }])
  })

  it('an abandoned run ends with the reason', async () => {
    const controller = new AbortController()
    controller.abort(new Error('changed'))
    await expect(runCurve(parseExperiment({ preset: 'large' }), { method: 'gmc', k: 1 }, controller.signal)).rejects.toThrow('changed')
  })
})

describe('problems', () => {
  it('the plane has its optimum at the origin; a large one is drawn from its seed', () => {
    expect(optimum(quadraticProblem('plane', 1))).toEqual([0, 0])
    const large = quadraticProblem('large', 3)
    expect([large.minimizer.length, large.start.length]).toEqual([8, 100])
    expect(quadraticProblem('large', 3)).toEqual(large)
    expect(quadraticProblem('large', 4)).not.toEqual(large)
  })

  it('the mean gradient vanishes at the optimum', () => {
    const problem = quadraticProblem('large', 5)
    const point = optimum(problem)
    expect(meanCurvature(problem).every((curvature) => curvature > 0)).toBe(true)
    for (let d = 0; d < point.length; d++)
      expect(problem.curvature.reduce((sum, row, i) => sum + row[d] * (point[d] - problem.minimizer[i][d]), 0)).toBeCloseTo(0, 9)
    expect(quadraticDistance([0, 3], [4, 0])).toBe(5)
  })
})

describe('experiments as text', () => {
  it('fills in what the preset does by default', () => {
    expect(parseExperiment({})).toMatchObject({ preset: 'plane', k: [1], beta: 0.9, learningRate: 0.005, steps: 400 })
    expect(parseExperiment({ preset: 'large', k: '10, 1' })).toMatchObject({ k: [1, 10], steps: 1500 })
  })

  it.each([
    ['preset', 'line', 'plane, large'],
    ['methods', 'gmc,sgd', 'one or more of dmsgd, gmc'],
    ['methods', 'gmc,gmc', 'one or more of'],
    ['k', '3', '1 to 2'],
    ['k', '1,1', 'different'],
    ['k', '1.5', 'whole'],
    ['beta', '1', 'below 1'],
    ['learningRate', '0', 'above 0'],
    ['learningRate', '', 'above 0'],
    ['steps', '1e9', '10 to 5,000'],
    ['seed', '-1', '0 to'],
  ] as const)('%s = %j is refused with value and what is allowed', (field, text, allowed) => {
    const { experiment, issues } = checkExperiment({ [field]: text })
    expect(experiment).toBeNull()
    expect(issues).toHaveLength(1)
    expect(issues[0].field).toBe(field)
    expect(issues[0].message).toContain(`got ${JSON.stringify(text)}; allowed: `)
    expect(issues[0].message).toContain(allowed)
    expect(() => parseExperiment({ [field]: text })).toThrow(ConfigError)
  })
})
