import { exp4 } from './exp'
import { firstLanes, lanesBelow, largestOfLanes, sumOfLanes } from './lanes'
import { multiply, multiplyTransposed, pack, packedSize, packTransposed } from './matmul'

// Multi-head attention of x [batch, tokens, 3 width]: q, k and v, each with its heads side by side. The scores of one head of one picture
// are a matrix in scratch, its rows as long as whole panels.

/** a score that no token has */
const FAR: f32 = 1e30

function rowOf(tokens: i32): i32 {
  return (tokens + 7) & ~7
}

/** floats of scratch for each of the two functions below */
export function attentionScratch(tokens: i32, size: i32): i32 {
  return 3 * tokens * rowOf(tokens) + max(packedSize(size, tokens), packedSize(tokens, size))
}

/**
 * y [batch, tokens, width] = softmax(temperature q k') v; logSums [batch, heads, tokens].
 * @param temperatures [heads], or 0 for 1 / sqrt(size of a head)
 */
export function attention(
  x: usize,
  temperatures: usize,
  masked: bool,
  y: usize,
  logSums: usize,
  batch: i32,
  tokens: i32,
  width: i32,
  heads: i32,
  scratch: usize,
): void {
  const size = width / heads
  const row = rowOf(tokens)
  const weights = scratch
  const packed = scratch + ((<usize>(3 * tokens * row)) << 2)
  for (let n = 0; n < batch; n++)
    for (let head = 0; head < heads; head++) {
      const q = x + ((<usize>(n * tokens * 3 * width + head * size)) << 2)
      const v = q + ((<usize>width) << 3)
      scores(q, width, tokens, size, packed, weights)
      softmax(weights, temperatureOf(temperatures, head, size), masked, tokens, logSums)
      pack(v, 3 * width, tokens, size, packed)
      multiply(weights, row, packed, y + ((<usize>(n * tokens * width + head * size)) << 2), width, tokens, tokens, size, false)
      logSums += (<usize>tokens) << 2
    }
}

/** dx [batch, tokens, 3 width], and the gradient [heads] of the temperatures unless they are 0 */
export function attentionGradient(
  x: usize,
  temperatures: usize,
  masked: bool,
  logSums: usize,
  dy: usize,
  dx: usize,
  temperatureGradient: usize,
  batch: i32,
  tokens: i32,
  width: i32,
  heads: i32,
  scratch: usize,
): void {
  const size = width / heads
  const row = rowOf(tokens)
  const matrix = (<usize>(tokens * row)) << 2
  const given = scratch
  const weights = given + matrix
  const gradients = weights + matrix
  const packed = gradients + matrix
  const third = (<usize>width) << 2
  if (temperatures) memory.fill(temperatureGradient, 0, (<usize>heads) << 2)
  for (let n = 0; n < batch; n++)
    for (let head = 0; head < heads; head++) {
      const place = (<usize>(n * tokens * 3 * width + head * size)) << 2
      const q = x + place
      const dq = dx + place
      const from = dy + ((<usize>(n * tokens * width + head * size)) << 2)
      const temperature = temperatureOf(temperatures, head, size)
      scores(q, width, tokens, size, packed, given)
      weigh(given, weights, temperature, masked, tokens, logSums)
      // dv = weights' dy
      multiplyTransposed(weights, row, from, width, dq + 2 * third, 3 * width, tokens, tokens, size, false)
      // dy v' is the gradient of the weights; through the softmax it becomes that of the scores.
      packTransposed(q + 2 * third, 3 * width, size, tokens, packed)
      multiply(from, width, packed, gradients, row, tokens, size, tokens, false)
      const sum = softmaxGradient(given, weights, gradients, temperature, tokens)
      if (temperatures) {
        const at = temperatureGradient + ((<usize>head) << 2)
        store<f32>(at, load<f32>(at) + sum)
      }
      // dq = dscores k, dk = dscores' q
      pack(q + third, 3 * width, tokens, size, packed)
      multiply(gradients, row, packed, dq, 3 * width, tokens, tokens, size, false)
      multiplyTransposed(gradients, row, q, 3 * width, dq + third, 3 * width, tokens, tokens, size, false)
      logSums += (<usize>tokens) << 2
    }
}

function temperatureOf(temperatures: usize, head: i32, size: i32): f32 {
  return temperatures ? load<f32>(temperatures + ((<usize>head) << 2)) : 1 / Mathf.sqrt(<f32>size)
}

/** to [tokens, row] = q k' */
function scores(q: usize, width: i32, tokens: i32, size: i32, packed: usize, to: usize): void {
  packTransposed(q + ((<usize>width) << 2), 3 * width, size, tokens, packed)
  multiply(q, 3 * width, packed, to, rowOf(tokens), tokens, size, tokens, false)
}

/** Scores become weights. */
function softmax(matrix: usize, temperature: f32, masked: bool, tokens: i32, logSums: usize): void {
  const factor = f32x4.splat(temperature)
  for (let i = 0; i < tokens; i++) {
    const own = matrix + ((<usize>i) << 2)
    // Far below all others, also where the temperature is negative; not infinite, for it may be zero.
    if (masked) store<f32>(own, temperature < 0 ? FAR : -FAR)
    let largests = f32x4.splat(-Infinity)
    for (let j = 0; j < tokens; j += 4) {
      const score = f32x4.mul(factor, v128.load(matrix + ((<usize>j) << 2)))
      largests = f32x4.pmax(largests, tokens - j >= 4 ? score : v128.bitselect(score, largests, lanesBelow(tokens - j)))
    }
    const largest = largestOfLanes(largests)
    const shift = f32x4.splat(largest)
    let sums = f32x4.splat(0)
    for (let j = 0; j < tokens; j += 4) {
      const at = matrix + ((<usize>j) << 2)
      let weight = firstLanes(exp4(f32x4.sub(f32x4.mul(factor, v128.load(at)), shift)), tokens - j)
      v128.store(at, weight)
      if (masked && i >= j && i < j + 4) {
        store<f32>(own, 0)
        weight = v128.load(at)
      }
      sums = f32x4.add(sums, weight)
    }
    const sum = sumOfLanes(sums)
    const inverse = f32x4.splat(1 / sum)
    for (let j = 0; j < tokens; j += 4) {
      const at = matrix + ((<usize>j) << 2)
      v128.store(at, f32x4.mul(v128.load(at), inverse))
    }
    store<f32>(logSums + ((<usize>i) << 2), largest + Mathf.log(sum))
    matrix += (<usize>rowOf(tokens)) << 2
  }
}

/** Weights out of scores and the logarithms of their sums. */
function weigh(given: usize, weights: usize, temperature: f32, masked: bool, tokens: i32, logSums: usize): void {
  const factor = f32x4.splat(temperature)
  const row = (<usize>rowOf(tokens)) << 2
  for (let i = 0; i < tokens; i++) {
    const shift = v128.load32_splat(logSums + ((<usize>i) << 2))
    for (let j = 0; j < tokens; j += 4) {
      const at = (<usize>j) << 2
      v128.store(weights + at, firstLanes(exp4(f32x4.sub(f32x4.mul(factor, v128.load(given + at)), shift)), tokens - j))
    }
    if (masked) store<f32>(weights + ((<usize>i) << 2), 0)
    given += row
    weights += row
  }
}

/** Gradients of the weights become those of q k'; returns that of the temperature. */
function softmaxGradient(given: usize, weights: usize, gradients: usize, temperature: f32, tokens: i32): f32 {
  const factor = f32x4.splat(temperature)
  const row = (<usize>rowOf(tokens)) << 2
  let ofTemperature = f32x4.splat(0)
  for (let i = 0; i < tokens; i++) {
    let sums = f32x4.splat(0)
    for (let j = 0; j < tokens; j += 4) {
      const at = (<usize>j) << 2
      sums = f32x4.add(sums, f32x4.mul(v128.load(weights + at), firstLanes(v128.load(gradients + at), tokens - j)))
    }
    const sum = f32x4.splat(sumOfLanes(sums))
    for (let j = 0; j < tokens; j += 4) {
      const at = (<usize>j) << 2
      const change = firstLanes(f32x4.mul(v128.load(weights + at), f32x4.sub(v128.load(gradients + at), sum)), tokens - j)
      ofTemperature = f32x4.add(ofTemperature, f32x4.mul(change, firstLanes(v128.load(given + at), tokens - j)))
      v128.store(gradients + at, f32x4.mul(change, factor))
    }
    given += row
    weights += row
    gradients += row
  }
  return sumOfLanes(ofTemperature)
}
