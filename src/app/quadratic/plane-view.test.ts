import { expect, it } from 'vitest'
import { type Curve, meanCurvature, parseExperiment, quadraticProblem } from '../../cluster/quadratic/index.ts'
import { contourAxes, frameOf } from './plane-view.ts'

const problem = quadraticProblem('plane', 0)
const size = { width: 500, height: 300 }

it('the whole view holds start and minimizers, at equal scale on both axes', () => {
  const frame = frameOf('whole', problem, [], size)
  for (const [x, y] of [problem.start, ...problem.minimizer]) {
    const [left, top] = frame.place([x, y])
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(size.width)
    expect(top).toBeGreaterThan(0)
    expect(top).toBeLessThan(size.height)
  }
  const [a, b, c] = [frame.place([0, 0]), frame.place([1, 0]), frame.place([0, 1])]
  expect(b[0] - a[0]).toBeCloseTo(a[1] - c[1], 9)
})

it('the near view holds where a method settles, and never shrinks to nothing', () => {
  const experiment = parseExperiment({})
  const curve: Curve = { method: 'gmc', k: 1, path: [], diverged: false, distances: [8, 4, 2, 1, 0.1, 0.1, 0.1, 0.1] }
  const { x } = frameOf('near', problem, [{ experiment, curve }], size)
  expect(x[1]).toBeGreaterThan(0.1)
  expect(x[1]).toBeLessThan(0.3)
  expect(frameOf('near', problem, [], size).x[1]).toBeGreaterThan(0)
})

it('the objective is the same all along a contour', () => {
  const [hx, hy] = meanCurvature(problem)
  for (const [a, b] of contourAxes(problem, frameOf('whole', problem, [], size))) expect(hx * a * a).toBeCloseTo(hy * b * b, 9)
})
