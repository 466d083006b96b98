/** Every data set of the lab holds 32 x 32 RGB pictures. */
export const IMAGE_SIDE = 32
export const IMAGE_BYTES = IMAGE_SIDE * IMAGE_SIDE * 3

/** `manifest.json` of a prepared data set. */
export interface DatasetManifest {
  schema: 'tabswarm/dataset/1'
  name: string
  title: string
  classes: number
  classNames: string[]
  /** per channel, of pixels scaled to [0, 1] */
  mean: [number, number, number]
  std: [number, number, number]
  /** pictures per class in `train.bin`, which is sorted by class */
  trainClassCounts: number[]
  testRecords: number
  /** where the records came from, shown to the user */
  source: string
}

/**
 * A prepared data set, read in stretches so that a worker fetches only its shard. Pictures are rows of IMAGE_BYTES
 * bytes in height, width, channel order. Training pictures are sorted by class and, within a class, by original
 * record number; test pictures are in their original order.
 */
export interface Dataset {
  readonly manifest: DatasetManifest
  /** original record number of each stored training picture, ascending within each class */
  trainRecords(): Promise<Uint32Array>
  /** pictures [start, start + count) of the class-sorted training file */
  trainImages(start: number, count: number): Promise<Uint8Array>
  testLabels(): Promise<Uint8Array>
  /** the first `count` test pictures */
  testImages(count: number): Promise<Uint8Array>
}

/** Opens data sets by name; rejects with a message for the user when one is not there. */
export type OpenDataset = (name: string) => Promise<Dataset>
