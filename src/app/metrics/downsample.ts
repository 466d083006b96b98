/**
 * Which points to draw so that a line keeps its shape: the indices of at most `limit` points, ascending, first and last included.
 * Largest triangle three buckets: of each bucket the point that spans the largest triangle with the point kept before it and the
 * mean of the bucket after it. Source: Steinarsson, Downsampling Time Series for Visual Representation (2013), section 4.2.
 */
export function largestTriangles(x: ArrayLike<number>, y: ArrayLike<number>, limit: number): number[] {
  const count = x.length
  if (count <= limit) return Array.from({ length: count }, (_, i) => i)
  if (limit < 3) return count === 0 ? [] : [0, count - 1].slice(0, limit)
  const kept = [0]
  const width = (count - 2) / (limit - 2)
  const bucketStart = (bucket: number) => Math.min(count - 1, 1 + Math.floor(bucket * width))
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const start = bucketStart(bucket)
    const end = bucketStart(bucket + 1)
    const next = meanPoint(x, y, end, Math.max(end + 1, bucketStart(bucket + 2)))
    kept.push(farthest(x, y, start, end, kept[kept.length - 1], next))
  }
  kept.push(count - 1)
  return kept
}

function meanPoint(x: ArrayLike<number>, y: ArrayLike<number>, start: number, end: number): { x: number; y: number } {
  let sumX = 0
  let sumY = 0
  for (let i = start; i < end; i++) {
    sumX += x[i]
    sumY += finite(y[i])
  }
  return { x: sumX / (end - start), y: sumY / (end - start) }
}

function farthest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  start: number,
  end: number,
  before: number,
  next: { x: number; y: number },
): number {
  let best = start
  let bestArea = -1
  for (let i = start; i < end; i++) {
    const area = Math.abs((x[before] - next.x) * (finite(y[i]) - finite(y[before])) - (x[before] - x[i]) * (next.y - finite(y[before])))
    if (area > bestArea) {
      bestArea = area
      best = i
    }
  }
  return best
}

/** A gap or an overflow in the data counts as zero for choosing points; it is still drawn as what it is. */
const finite = (value: number) => (Number.isFinite(value) ? value : 0)
