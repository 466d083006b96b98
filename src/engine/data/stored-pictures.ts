import { type DatasetManifest, IMAGE_BYTES, IMAGE_SIDE } from './dataset.ts'

/** Pictures as they are stored, and what makes of them what the network takes: a move over black, a mirror, and normalization. */
export interface StoredPictures {
  /** [count, 32, 32, 3] */
  bytes: Uint8Array
  /** of each picture: rows and columns of its crop's corner, and 1 when mirrored; [count, 3] */
  crops: Int8Array
  /** normalized value of each byte, [3, 256] */
  table: Float32Array
}

/** The table of a data set: (byte / 255 - mean) / std per channel. */
export function byteTable({ mean, std }: Pick<DatasetManifest, 'mean' | 'std'>): Float32Array {
  return Float32Array.from({ length: 3 * 256 }, (_, i) => ((i & 255) / 255 - mean[i >> 8]) / std[i >> 8])
}

/** [count, 32, 32, 3], cropped, mirrored and normalized. */
export function normalize({ bytes, crops, table }: StoredPictures): Float32Array {
  const into = new Float32Array(bytes.length)
  let out = 0
  for (let picture = 0; picture * IMAGE_BYTES < bytes.length; picture++) {
    const [dy, dx, mirrored] = crops.subarray(picture * 3, picture * 3 + 3)
    for (let row = 0; row < IMAGE_SIDE; row++) {
      const y = row + dy
      for (let column = 0; column < IMAGE_SIDE; column++) {
        const x = (mirrored === 1 ? IMAGE_SIDE - 1 - column : column) + dx
        const inside = y >= 0 && y < IMAGE_SIDE && x >= 0 && x < IMAGE_SIDE
        const at = picture * IMAGE_BYTES + (y * IMAGE_SIDE + x) * 3
        for (let channel = 0; channel < 3; channel++) into[out++] = table[channel * 256 + (inside ? bytes[at + channel] : 0)]
      }
    }
  }
  return into
}
