/** 1.5 x 2^23: a float this large has no digits behind the point, and its last bits are a whole number. */
const MAGIC: f32 = 12582912

/** e^x of four floats, to about 1 unit in the last place; 0 below -87, e^88 above 88. By Cody and Waite's reduction, as in Cephes' expf. */
export function exp4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.splat(88), x)
  const whole = f32x4.add(f32x4.mul(bounded, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(MAGIC))
  const n = f32x4.sub(whole, f32x4.splat(MAGIC))
  // x = n ln 2 + r, ln 2 in two parts
  const r = f32x4.sub(f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(<f32>-2.1219444e-4)))
  let p = f32x4.splat(<f32>1.98756915e-4)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>1.3981999507e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>8.3334519073e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>4.1665795894e-2))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>1.6666665459e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5))
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1))
  const power = i32x4.shl(i32x4.add(whole, i32x4.splat(127)), 23)
  return v128.and(f32x4.mul(p, power), f32x4.ge(x, f32x4.splat(-87)))
}
