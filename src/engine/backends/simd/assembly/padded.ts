// A picture with a border of zeros around it, so that what goes over its edge needs no case of its own.

/** floats of a picture with its border */
export function paddedSize(height: i32, width: i32, channels: i32, border: i32): i32 {
  return (height + 2 * border) * (width + 2 * border) * channels
}

/** Copies a picture [height, width, channels] into a border that is zero already. */
export function padPicture(x: usize, height: i32, width: i32, channels: i32, border: i32, padded: usize): void {
  const pixel = (<usize>channels) << 2
  const row = <usize>width * pixel
  const wide = row + <usize>(2 * border) * pixel
  let to = padded + <usize>border * (wide + pixel)
  for (let i = 0; i < height; i++) {
    memory.copy(to, x, row)
    x += row
    to += wide
  }
}
