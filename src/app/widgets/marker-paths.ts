import { roundPixels } from '../format.ts'
import type { MarkerShape } from '../theme.ts'

/** Outlines of the workers' marks, about ten units wide round where they begin; relative, so that one path may hold many. */
const outlines: Record<MarkerShape, string> = {
  circle: 'm-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  square: 'm-3.5-3.5h7v7h-7z',
  triangle: 'm0-4.4l4.4 7.8h-8.8z',
  diamond: 'm0-4.8l4.8 4.8l-4.8 4.8l-4.8-4.8z',
  cross: 'm-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z',
  wedge: 'm0 4.4l4.4-7.8h-8.8z',
  star: 'm0-5l1.5 3.2l3.5.4l-2.6 2.4l.7 3.5l-3.1-1.7l-3.1 1.7l.7-3.5l-2.6-2.4l3.5-.4z',
}

/** SVG path data of a mark at each of these points, for a path that is scaled by so much. */
export const marksPath = (shape: MarkerShape, points: readonly (readonly [x: number, y: number])[], scale: number): string =>
  points.map(([x, y]) => `M${roundPixels(x / scale)} ${roundPixels(y / scale)}${outlines[shape]}`).join('')
