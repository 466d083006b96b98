export interface AxisTicks {
  domain: [number, number]
  ticks: number[]
}

/**
 * Round numbers along an axis. Linear: about `count` intervals of 1, 2 or 5 times a power of ten, from zero where the
 * values come near it or hardly differ, or where `fromZero` asks for it. Log: the powers of ten, with 2 and 5 between them where there
 * are few.
 */
export function niceTicks(
  { min, max }: { min: number; max: number },
  { log, count, fromZero = false }: { log: boolean; count: number; fromZero?: boolean },
): AxisTicks {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return { domain: [0, 1], ticks: [0, 1] }
  return log ? logTicks(min, max) : linearTicks(min, max, count, fromZero)
}

function linearTicks(min: number, max: number, count: number, fromZero: boolean): AxisTicks {
  // A flat line stands best above zero, and a line that fills most of the height anyway too.
  const low = min >= 0 && (fromZero || min < max * 0.7 || max - min < max * 0.01) ? 0 : min
  // Values that differ only in their last digits get an axis of a millionth of their size.
  const span = Math.max(max - low, Math.abs(max) * 1e-6) || 1
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999) ?? 10 * power
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(max / step - 1e-9))
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => clean((first + i) * step))
  return { domain: [ticks[0], ticks[ticks.length - 1]], ticks }
}

function logTicks(min: number, max: number): AxisTicks {
  const first = Math.floor(Math.log10(min))
  const last = Math.max(first + 1, Math.ceil(Math.log10(max)))
  const factors = last - first <= 2 ? [1, 2, 5] : [1]
  const all: number[] = []
  for (let power = first; power <= last; power++) for (const factor of factors) all.push(clean(factor * 10 ** power))
  const low = all.filter((tick) => tick <= min).at(-1) ?? all[0]
  const high = all.find((tick) => tick >= max && tick > low) ?? all[all.length - 1]
  const every = Math.ceil(all.length / 7)
  const ticks = all.filter((tick, i) => tick >= low && tick <= high && (factors.length > 1 || i % every === 0))
  return { domain: [low, high], ticks }
}

/** 0.30000000000000004 -> 0.3 */
const clean = (value: number) => Number(value.toPrecision(12))
