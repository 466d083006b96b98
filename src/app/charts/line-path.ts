/** A hundredth of a pixel. */
const round = (value: number) => Math.round(value * 100) / 100

/** SVG path data of a line over points in pixels; null is a gap. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let data = ''
  let command = 'M'
  for (const point of points) {
    if (point) data += `${command}${round(point[0])} ${round(point[1])}`
    command = point ? 'L' : 'M'
  }
  return data
}
