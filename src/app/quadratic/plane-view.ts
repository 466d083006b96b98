import { meanCurvature, optimum, type QuadraticProblem } from '../../cluster/quadratic/index.ts'
import type { ShownCurve } from './use-curves.ts'

export type PlaneView = 'whole' | 'near'

export type Point = readonly [x: number, y: number]

/** A part of the plane and where it is on screen: equal lengths are equal on both axes. */
export interface Frame {
  x: [low: number, high: number]
  y: [low: number, high: number]
  /** place on screen, in pixels from the upper left of the drawing */
  place(point: Point): Point
}

/** Around all that is marked and the ways' own boxes go this much farther. */
const MARGIN = 1.12
/** Below float32's own noise there is nothing to see. */
const SMALLEST = 1e-6
const CONTOURS = 14

/** @param size of the drawing in pixels */
export function frameOf(view: PlaneView, problem: QuadraticProblem, shown: ShownCurve[], size: { width: number; height: number }): Frame {
  const [low, high] = view === 'whole' ? wholeBox(problem) : nearBox(problem, shown)
  const center: Point = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]
  // units of the plane in one pixel
  const unit = MARGIN * Math.max((high[0] - low[0]) / size.width, (high[1] - low[1]) / size.height)
  const [halfWidth, halfHeight] = [(unit * size.width) / 2, (unit * size.height) / 2]
  return {
    x: [center[0] - halfWidth, center[0] + halfWidth],
    y: [center[1] - halfHeight, center[1] + halfHeight],
    place: ([x, y]) => [size.width / 2 + (x - center[0]) / unit, size.height / 2 - (y - center[1]) / unit],
  }
}

/** Start, minimizers and their mirror images in the optimum: momentum overshoots. */
function wholeBox(problem: QuadraticProblem): [Point, Point] {
  const best = optimum(problem)
  const points = [problem.start, ...problem.minimizer]
  const reach = [0, 1].map((d) => Math.max(...points.map((point) => Math.abs(point[d] - best[d]))))
  return [
    [best[0] - reach[0], best[1] - reach[1]],
    [best[0] + reach[0], best[1] + reach[1]],
  ]
}

/** The near view is of the second half of the steps: what went before would cover it. */
export const nearPart = <T>(values: T[]): T[] => values.slice(Math.floor(values.length / 2))

function nearBox(problem: QuadraticProblem, shown: ShownCurve[]): [Point, Point] {
  const [x, y] = optimum(problem)
  let reach = SMALLEST
  for (const { curve } of shown) {
    if (curve.diverged) continue
    for (const distance of nearPart(curve.distances)) if (distance > reach) reach = distance
  }
  return [
    [x - reach, y - reach],
    [x + reach, y + reach],
  ]
}

/** Half axes of contour ellipses of F around the optimum that fill the frame, evenly spaced. */
export function contourAxes(problem: QuadraticProblem, frame: Frame): Point[] {
  const curvature = meanCurvature(problem)
  const best = optimum(problem)
  const gentlest = Math.min(...curvature)
  const far = Math.max(...frame.x.map((x) => Math.abs(x - best[0])), ...frame.y.map((y) => Math.abs(y - best[1])))
  return Array.from({ length: CONTOURS }, (_, i) => {
    const radius = ((i + 1) / CONTOURS) * far * Math.SQRT2 * Math.sqrt(Math.max(...curvature) / gentlest)
    return [radius * Math.sqrt(gentlest / curvature[0]), radius * Math.sqrt(gentlest / curvature[1])] as const
  })
}
