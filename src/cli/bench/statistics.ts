/** The middle value; of an even number of them, the larger of the two in the middle. */
export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}
