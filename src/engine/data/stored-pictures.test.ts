import { describe, expect, it } from 'vitest'
import { IMAGE_BYTES } from './dataset.ts'
import { byteTable, normalize } from './stored-pictures.ts'

const table = byteTable({ mean: [0.5, 0.25, 0], std: [0.5, 0.25, 1] })

describe('stored pictures', () => {
  it('are scaled per channel: (byte / 255 - mean) / std', () => {
    const values = normalize({ bytes: new Uint8Array(IMAGE_BYTES).fill(255), crops: new Int8Array(3), table })
    expect([...values.subarray(0, 6)]).toEqual([1, 3, 1, 1, 3, 1])
  })

  it('are moved over black and mirrored, each for itself', () => {
    const bytes = new Uint8Array(2 * IMAGE_BYTES)
    bytes[0] = 255
    bytes[IMAGE_BYTES] = 255
    const values = normalize({ bytes, crops: Int8Array.of(-2, -3, 0, 0, 0, 1), table })
    const redAt = (picture: number, row: number, column: number) => values[picture * IMAGE_BYTES + (row * 32 + column) * 3]
    expect([redAt(0, 2, 3), redAt(0, 0, 0)]).toEqual([1, -1])
    expect([redAt(1, 0, 31), redAt(1, 0, 0)]).toEqual([1, -1])
  })
})
