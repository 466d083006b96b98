/** How much one thread of the convolution kernels computes, chosen for the adapter. */
export interface ConvTile {
  /** neighboring pixels of a row */
  pixels: number
  channels: number
  /** channels that it takes in at a time, where they divide by 4: one makes code of a quarter of the length */
  loaded: 1 | 4
}

export interface FilterTile {
  /** neighboring pixels of a row that are loaded together */
  pixels: number
  channels: number
  outChannels: number
  /** threads over which a filter gradient is spread, at least, where there are rows enough */
  threads: number
}

/** Tile sizes of one adapter. */
export interface Tiles {
  conv: ConvTile
  inputGradient: ConvTile
  filterGradient: FilterTile
  /** positions that one thread sums up in a normalization or a row sum */
  chunk: number
}

/** Measured on the software adapter, which runs on few cores: nearly the fastest, and compiled in half of the time; a safe start everywhere. */
export const softwareTiles: Tiles = {
  conv: { pixels: 8, channels: 8, loaded: 1 },
  inputGradient: { pixels: 8, channels: 8, loaded: 1 },
  filterGradient: { pixels: 2, channels: 4, outChannels: 8, threads: 2048 },
  chunk: 64,
}

/** The largest divisor of `count` that is at most `most` and a multiple of `multiple`; `multiple` where there is none. */
export function divisorUpTo(count: number, most: number, multiple = 1): number {
  for (let divisor = most - (most % multiple); divisor > multiple; divisor -= multiple) if (count % divisor === 0) return divisor
  return multiple
}
