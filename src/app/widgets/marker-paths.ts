import type { MarkerShape } from '../theme.ts'

/** Outlines of the workers' marks, about ten units wide round the origin. */
export const markerPaths: Record<MarkerShape, string> = {
  circle: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z',
  square: 'M-3.5-3.5h7v7h-7Z',
  triangle: 'M0-4.4L4.4 3.4H-4.4Z',
  diamond: 'M0-4.8L4.8 0L0 4.8L-4.8 0Z',
  cross: 'M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3Z',
  wedge: 'M0 4.4L4.4-3.4H-4.4Z',
  star: 'M0-5l1.5 3.2l3.5.4l-2.6 2.4l.7 3.5L0 2.8l-3.1 1.7l.7-3.5L-5-1.4l3.5-.4Z',
}
