/** Stores the first `count` of four floats. */
export function storeLanes(at: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, value)
    return
  }
  v128.store32_lane(at, value, 0)
  if (count > 1) v128.store32_lane(at, value, 1, 4)
  if (count > 2) v128.store32_lane(at, value, 2, 8)
}

export function sumOfLanes(value: v128): f32 {
  return f32x4.extract_lane(value, 0) + f32x4.extract_lane(value, 1) + (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3))
}

export function largestOfLanes(value: v128): f32 {
  const pairs = f32x4.pmax(value, v128.shuffle<f32>(value, value, 2, 3, 0, 1))
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1))
}

/** All bits of the first `count` of four lanes. */
export function lanesBelow(count: i32): v128 {
  return i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3))
}

/** The first `count` of four floats, zeros behind them. */
export function firstLanes(value: v128, count: i32): v128 {
  return v128.and(value, lanesBelow(count))
}

/** sums [count] += values */
export function addTo(sums: usize, values: usize, count: i32): void {
  for (let c = 0; c < count; c += 4) {
    const at = (<usize>c) << 2
    storeLanes(sums + at, f32x4.add(v128.load(sums + at), v128.load(values + at)), count - c)
  }
}
