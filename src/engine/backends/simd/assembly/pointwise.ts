import { exp4 } from './exp'
import { storeLanes } from './lanes'

export function relu(x: usize, y: usize, count: i32): void {
  const zero = f32x4.splat(0)
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2
    storeLanes(y + at, f32x4.pmax(zero, v128.load(x + at)), count - i)
  }
}

export function reluGradient(y: usize, dy: usize, dx: usize, count: i32): void {
  const zero = f32x4.splat(0)
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2
    storeLanes(dx + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero)), count - i)
  }
}

export function add(a: usize, b: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2
    storeLanes(y + at, f32x4.add(v128.load(a + at), v128.load(b + at)), count - i)
  }
}

/** x Phi(x) */
export function gelu(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2
    const value = v128.load(x + at)
    const bell = exp4(f32x4.mul(f32x4.mul(value, value), f32x4.splat(-0.5)))
    storeLanes(y + at, f32x4.mul(value, probability(value, bell)), count - i)
  }
}

/** dx = dy (Phi(x) + x phi(x)), phi being the normal density */
export function geluGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2
    const value = v128.load(x + at)
    const bell = exp4(f32x4.mul(f32x4.mul(value, value), f32x4.splat(-0.5)))
    const density = f32x4.mul(bell, f32x4.splat(<f32>0.3989422804014327))
    const slope = f32x4.add(probability(value, bell), f32x4.mul(value, density))
    storeLanes(dx + at, f32x4.mul(v128.load(dy + at), slope), count - i)
  }
}

/**
 * The normal distribution function Phi, by Abramowitz and Stegun's erf (7.1.26; at most 1.5e-7 off).
 * @param bell exp(-x^2 / 2)
 */
function probability(x: v128, bell: v128): v128 {
  const one = f32x4.splat(1)
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(<f32>(0.3275911 / Math.SQRT2)), f32x4.abs(x))))
  let tail = f32x4.splat(1.061405429)
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(-1.453152027))
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(1.421413741))
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(-0.284496736))
  tail = f32x4.add(f32x4.mul(tail, t), f32x4.splat(0.254829592))
  // What is left on the side away from zero.
  const outside = f32x4.mul(f32x4.mul(f32x4.mul(tail, t), bell), f32x4.splat(0.5))
  return v128.bitselect(outside, f32x4.sub(one, outside), f32x4.lt(x, f32x4.splat(0)))
}
