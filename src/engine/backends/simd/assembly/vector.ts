import { storeLanes } from './lanes'

/** v = a v */
export function scale(v: usize, a: f32, count: i32): void {
  const factor = f32x4.splat(a)
  for (let i = 0; i < count; i += 4) {
    const at = v + ((<usize>i) << 2)
    storeLanes(at, f32x4.mul(v128.load(at), factor), count - i)
  }
}

/** v = v + a w */
export function addScaled(v: usize, a: f32, w: usize, count: i32): void {
  const factor = f32x4.splat(a)
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2
    storeLanes(v + at, f32x4.add(v128.load(v + at), f32x4.mul(factor, v128.load(w + at))), count - i)
  }
}

/**
 * Writes positions and values of the entries other than zero whose magnitude reaches the threshold. Returns their number, or `most` + 1
 * when there are more than `most`.
 */
export function reaching(v: usize, count: i32, threshold: f32, most: i32, indices: usize, values: usize): i32 {
  const least = f32x4.splat(threshold)
  const zero = f32x4.splat(0)
  let found = 0
  for (let i = 0; i < count; i += 4) {
    const four = v128.load(v + ((<usize>i) << 2))
    let mask = i32x4.bitmask(v128.and(f32x4.ge(f32x4.abs(four), least), f32x4.ne(four, zero)))
    if (count - i < 4) mask &= (1 << (count - i)) - 1
    while (mask) {
      if (found === most) return most + 1
      const index = i + ctz(mask)
      store<i32>(indices + ((<usize>found) << 2), index)
      store<f32>(values + ((<usize>found) << 2), load<f32>(v + ((<usize>index) << 2)))
      found++
      mask &= mask - 1
    }
  }
  return found
}
