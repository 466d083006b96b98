import { addTo, firstLanes, storeLanes, sumOfLanes } from './lanes'

// Group, layer and batch normalization of x [batch, positions, channels]: what shares a mean and a variance is a group of neighboring
// channels at all positions of one picture. Layer normalization has one position and one group; batch normalization has one picture, of
// all positions of the batch, and as many groups as channels. Statistics are [batch, groups, 2]: mean and 1 / sqrt(variance + epsilon).

/** Positions are summed up in blocks, so that rounding errors do not grow with their number. */
const BLOCK: i32 = 128

/** floats of scratch for each of the functions below */
export function normScratch(channels: i32): i32 {
  return 6 * <i32>(spaceFor(channels) >> 2)
}

/** Fills the statistics. */
export function normStatistics(
  x: usize,
  statistics: usize,
  batch: i32,
  positions: i32,
  channels: i32,
  groups: i32,
  epsilon: f32,
  scratch: usize,
): void {
  const perGroup = channels / groups
  const count = <f32>(positions * perGroup)
  const means = scratch + spaceFor(channels)
  const picture = (<usize>(positions * channels)) << 2
  for (let n = 0; n < batch; n++) {
    sumChannels(x, 0, scratch, positions, channels)
    for (let g = 0; g < groups; g++) {
      const mean = sumOf(scratch + ((<usize>(g * perGroup)) << 2), perGroup) / count
      store<f32>(statistics + ((<usize>g) << 3), mean)
      fill(means + ((<usize>(g * perGroup)) << 2), f32x4.splat(mean), perGroup)
    }
    sumChannels(x, means, scratch, positions, channels)
    for (let g = 0; g < groups; g++) {
      const variance = sumOf(scratch + ((<usize>(g * perGroup)) << 2), perGroup) / count
      store<f32>(statistics + ((<usize>g) << 3), 1 / Mathf.sqrt(variance + epsilon), 4)
    }
    x += picture
    statistics += (<usize>groups) << 3
  }
}

/** y = [relu] (scale (x - mean) / sqrt(variance + epsilon) + bias [+ residual]) */
export function normApply(
  x: usize,
  statistics: usize,
  scale: usize,
  bias: usize,
  residual: usize,
  relu: bool,
  y: usize,
  batch: i32,
  positions: i32,
  channels: i32,
  groups: i32,
  scratch: usize,
): void {
  const means = scratch
  const factors = means + spaceFor(channels)
  const zero = f32x4.splat(0)
  for (let n = 0; n < batch; n++) {
    spread(statistics, scale, means, factors, channels, groups)
    for (let p = 0; p < positions; p++) {
      for (let c = 0; c < channels; c += 4) {
        const at = (<usize>c) << 2
        const centered = f32x4.sub(v128.load(x + at), v128.load(means + at))
        let value = f32x4.add(f32x4.mul(centered, v128.load(factors + at)), v128.load(bias + at))
        if (residual) value = f32x4.add(value, v128.load(residual + at))
        if (relu) value = f32x4.pmax(zero, value)
        storeLanes(y + at, value, channels - c)
      }
      const row = (<usize>channels) << 2
      x += row
      y += row
      if (residual) residual += row
    }
    statistics += (<usize>groups) << 3
  }
}

/**
 * dz = dy where y > 0 (with relu; else dz must be dy), dx, and the gradients of scale and bias.
 */
export function normGradient(
  x: usize,
  y: usize,
  dy: usize,
  statistics: usize,
  scale: usize,
  relu: bool,
  dz: usize,
  dx: usize,
  scaleGradient: usize,
  biasGradient: usize,
  batch: i32,
  positions: i32,
  channels: i32,
  groups: i32,
  scratch: usize,
): void {
  const space = spaceFor(channels)
  const means = scratch
  const inverses = means + space
  const sums = inverses + space
  const products = sums + space
  const bases = products + space
  const slopes = bases + space
  const perGroup = channels / groups
  const count = <f32>(positions * perGroup)
  const picture = (<usize>(positions * channels)) << 2
  memory.fill(scaleGradient, 0, (<usize>channels) << 2)
  memory.fill(biasGradient, 0, (<usize>channels) << 2)
  for (let n = 0; n < batch; n++) {
    spread(statistics, 0, means, inverses, channels, groups)
    sumGradients(x, y, dy, relu, dz, means, inverses, sums, products, positions, channels)
    addTo(biasGradient, sums, channels)
    addTo(scaleGradient, products, channels)
    // dx = inverse (scale dz - mean(scale dz) - (x - mean) inverse mean(scale dz xhat))
    for (let g = 0; g < groups; g++) {
      const first = (<usize>(g * perGroup)) << 2
      const inverse = load<f32>(statistics + ((<usize>g) << 3), 4)
      fill(bases + first, f32x4.splat(dot(scale + first, sums + first, perGroup) / count), perGroup)
      fill(slopes + first, f32x4.splat((inverse * dot(scale + first, products + first, perGroup)) / count), perGroup)
    }
    for (let p: usize = 0; p < picture; p += (<usize>channels) << 2)
      for (let c = 0; c < channels; c += 4) {
        const k = (<usize>c) << 2
        const at = p + k
        const centered = f32x4.sub(v128.load(x + at), v128.load(means + k))
        const straight = f32x4.sub(f32x4.mul(v128.load(scale + k), v128.load(dz + at)), v128.load(bases + k))
        const bent = f32x4.sub(straight, f32x4.mul(centered, v128.load(slopes + k)))
        storeLanes(dx + at, f32x4.mul(v128.load(inverses + k), bent), channels - c)
      }
    x += picture
    y += picture
    dy += picture
    dz += picture
    dx += picture
    statistics += (<usize>groups) << 3
  }
}

/** Statistics [channels, 2] out of running mean and variance. */
export function runningStatistics(mean: usize, variance: usize, statistics: usize, channels: i32, epsilon: f32): void {
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2
    store<f32>(statistics + 2 * at, load<f32>(mean + at))
    store<f32>(statistics + 2 * at, 1 / Mathf.sqrt(load<f32>(variance + at) + epsilon), 4)
  }
}

/** The running mean and variance (over count - 1) move towards the statistics' by `momentum`. */
export function moveRunning(statistics: usize, mean: usize, variance: usize, channels: i32, count: i32, epsilon: f32, momentum: f32): void {
  const unbiased = <f32>count / <f32>(count - 1)
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2
    const inverse = load<f32>(statistics + 2 * at, 4)
    const found: f32 = (<f32>1 / (inverse * inverse) - epsilon) * unbiased
    store<f32>(mean + at, (1 - momentum) * load<f32>(mean + at) + momentum * load<f32>(statistics + 2 * at))
    store<f32>(variance + at, (1 - momentum) * load<f32>(variance + at) + momentum * found)
  }
}

/** Bytes for a number for each channel. The loops below write whole vectors of four, which the next group then overwrites. */
function spaceFor(channels: i32): usize {
  return (<usize>((channels + 7) & ~3)) << 2
}

function fill(to: usize, value: v128, count: i32): void {
  for (let c = 0; c < count; c += 4) v128.store(to + ((<usize>c) << 2), value)
}

function multiplyBy(values: usize, factor: f32, to: usize, count: i32): void {
  const by = f32x4.splat(factor)
  for (let c = 0; c < count; c += 4) {
    const at = (<usize>c) << 2
    v128.store(to + at, f32x4.mul(by, v128.load(values + at)))
  }
}

function sumOf(values: usize, count: i32): f32 {
  let sum = f32x4.splat(0)
  for (let c = 0; c < count; c += 4) sum = f32x4.add(sum, firstLanes(v128.load(values + ((<usize>c) << 2)), count - c))
  return sumOfLanes(sum)
}

function dot(a: usize, b: usize, count: i32): f32 {
  let sum = f32x4.splat(0)
  for (let c = 0; c < count; c += 4) {
    const at = (<usize>c) << 2
    sum = f32x4.add(sum, firstLanes(f32x4.mul(v128.load(a + at), v128.load(b + at)), count - c))
  }
  return sumOfLanes(sum)
}

/** A group's mean, and 1 / sqrt(variance + epsilon) [times scale], to each of its channels. */
function spread(statistics: usize, scale: usize, means: usize, factors: usize, channels: i32, groups: i32): void {
  const perGroup = channels / groups
  for (let g = 0; g < groups; g++) {
    const first = (<usize>(g * perGroup)) << 2
    const inverse = load<f32>(statistics + ((<usize>g) << 3), 4)
    fill(means + first, v128.load32_splat(statistics + ((<usize>g) << 3)), perGroup)
    if (scale) multiplyBy(scale + first, inverse, factors + first, perGroup)
    else fill(factors + first, f32x4.splat(inverse), perGroup)
  }
}

/** sums [channels] of x [positions, channels], or with means [channels] of (x - mean)^2 */
function sumChannels(x: usize, means: usize, sums: usize, positions: i32, channels: i32): void {
  const row = (<usize>channels) << 2
  const zero = f32x4.splat(0)
  for (let c = 0; c < channels; c += 4) {
    const at = (<usize>c) << 2
    const mean = means ? v128.load(means + at) : zero
    let total = zero
    let p = x + at
    for (let first = 0; first < positions; first += BLOCK) {
      const many = min(BLOCK, positions - first)
      let even = zero
      let odd = zero
      let i = 0
      if (means) {
        for (; i + 2 <= many; i += 2) {
          const a = f32x4.sub(v128.load(p), mean)
          const b = f32x4.sub(v128.load(p + row), mean)
          even = f32x4.add(even, f32x4.mul(a, a))
          odd = f32x4.add(odd, f32x4.mul(b, b))
          p += 2 * row
        }
        if (i < many) {
          const a = f32x4.sub(v128.load(p), mean)
          even = f32x4.add(even, f32x4.mul(a, a))
          p += row
        }
      } else {
        for (; i + 2 <= many; i += 2) {
          even = f32x4.add(even, v128.load(p))
          odd = f32x4.add(odd, v128.load(p + row))
          p += 2 * row
        }
        if (i < many) {
          even = f32x4.add(even, v128.load(p))
          p += row
        }
      }
      total = f32x4.add(total, f32x4.add(even, odd))
    }
    v128.store(sums + at, total)
  }
}

/** dz, and for each channel the sums of dz and of dz (x - mean) inverse */
function sumGradients(
  x: usize,
  y: usize,
  dy: usize,
  relu: bool,
  dz: usize,
  means: usize,
  inverses: usize,
  sums: usize,
  products: usize,
  positions: i32,
  channels: i32,
): void {
  const row = (<usize>channels) << 2
  const zero = f32x4.splat(0)
  for (let c = 0; c < channels; c += 4) {
    const k = (<usize>c) << 2
    const mean = v128.load(means + k)
    let sum = zero
    let product = zero
    let at = k
    for (let first = 0; first < positions; first += BLOCK) {
      let blockSum = zero
      let blockProduct = zero
      const many = min(BLOCK, positions - first)
      for (let i = 0; i < many; i++) {
        let d = v128.load(dy + at)
        if (relu) {
          d = v128.and(d, f32x4.gt(v128.load(y + at), zero))
          storeLanes(dz + at, d, channels - c)
        }
        blockSum = f32x4.add(blockSum, d)
        blockProduct = f32x4.add(blockProduct, f32x4.mul(d, f32x4.sub(v128.load(x + at), mean)))
        at += row
      }
      sum = f32x4.add(sum, blockSum)
      product = f32x4.add(product, blockProduct)
    }
    v128.store(sums + k, sum)
    v128.store(products + k, f32x4.mul(product, v128.load(inverses + k)))
  }
}
