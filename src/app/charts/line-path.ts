import { roundPixels } from '../format.ts'

/** SVG path data of a line over points in pixels; null is a gap. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let data = ''
  let command = 'M'
  for (const point of points) {
    if (point) data += `${command}${roundPixels(point[0])} ${roundPixels(point[1])}`
    command = point ? 'L' : 'M'
  }
  return data
}
