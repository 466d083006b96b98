import { randomStream } from '../../engine/index.ts'

/** F(w) = mean over workers i of 1/2 sum_d curvature_id (w_d - minimizer_id)^2. */
export interface QuadraticProblem {
  /** [workers][dimension], above 0 */
  curvature: number[][]
  /** [workers][dimension]: where each worker's own objective is smallest */
  minimizer: number[][]
  /** where every method starts */
  start: number[]
}

export const quadraticPresets = ['plane', 'large'] as const
export type QuadraticPreset = (typeof quadraticPresets)[number]

/**
 * The constants of the GMC paper's section 3.2 are lost. These are chosen to show its effect: the minimizers lie far apart, and the workers'
 * curvatures differ, so that what a worker has not sent yet keeps pulling the common model off the optimum.
 */
const plane: QuadraticProblem = {
  curvature: [
    [4, 16],
    [8, 8],
  ],
  minimizer: [
    [6, -0.5],
    [-3, 1],
  ],
  start: [-6, 6],
}

const LARGE = { workers: 8, dimension: 100, curvature: [0.5, 1.5], minimizer: [-2, 2], start: [-5, 5] } as const

/** @param seed of the large preset's draws; the plane has none */
export function quadraticProblem(preset: QuadraticPreset, seed: number): QuadraticProblem {
  switch (preset) {
    case 'plane':
      return plane
    case 'large': {
      const draw = (what: 'curvature' | 'minimizer' | 'start', worker: number) => {
        const random = randomStream(seed, 'quadratic', what, worker)
        const [low, high] = LARGE[what]
        return Array.from({ length: LARGE.dimension }, () => low + (high - low) * random.uniform())
      }
      const ofWorkers = (what: 'curvature' | 'minimizer') => Array.from({ length: LARGE.workers }, (_, worker) => draw(what, worker))
      return { curvature: ofWorkers('curvature'), minimizer: ofWorkers('minimizer'), start: draw('start', 0) }
    }
    default:
      preset satisfies never
      throw new Error('unreachable')
  }
}

export const presetDimension = (preset: QuadraticPreset): number => (preset === 'plane' ? plane.start.length : LARGE.dimension)

/** Curvature of F: the mean of the workers'. [dimension] */
export function meanCurvature({ curvature, start }: QuadraticProblem): number[] {
  return start.map((_, d) => curvature.reduce((sum, row) => sum + row[d], 0) / curvature.length)
}

/** Where F is smallest: the mean of the minimizers, weighed by curvature. [dimension] */
export function optimum(problem: QuadraticProblem): number[] {
  const { curvature, minimizer } = problem
  return meanCurvature(problem).map(
    (mean, d) => curvature.reduce((sum, row, i) => sum + row[d] * minimizer[i][d], 0) / (curvature.length * mean),
  )
}

/** Euclidean. */
export function quadraticDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2
  return Math.sqrt(sum)
}
