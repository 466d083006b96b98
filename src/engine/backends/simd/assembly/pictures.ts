/** side of a picture in pixels, and its channels */
const SIDE: i32 = 32
const CHANNELS: i32 = 3

/** x [batch, 32, 32, 3] of stored bytes: crops are row, column and mirror of each picture, table the value of each byte of each channel. */
export function pictures(bytes: usize, crops: usize, table: usize, x: usize, batch: i32): void {
  for (let n = 0; n < batch; n++) {
    const down = <i32>load<i8>(crops)
    const right = <i32>load<i8>(crops, 1)
    const mirrored = load<i8>(crops, 2) === 1
    crops += 3
    for (let row = 0; row < SIDE; row++)
      for (let column = 0; column < SIDE; column++) {
        const r = row + down
        const c = (mirrored ? SIDE - 1 - column : column) + right
        const inside = r >= 0 && r < SIDE && c >= 0 && c < SIDE
        const from = bytes + <usize>(((n * SIDE + r) * SIDE + c) * CHANNELS)
        for (let channel = 0; channel < CHANNELS; channel++) {
          const byte = inside ? <i32>load<u8>(from + <usize>channel) : 0
          store<f32>(x, load<f32>(table + ((<usize>(channel * 256 + byte)) << 2)))
          x += 4
        }
      }
  }
}
