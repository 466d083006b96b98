import type { OperationOf, Region } from '../../../plan/index.ts'
import { type Kernel, typeOf, widthFor } from '../kernel.ts'

export const relu = ({ x, y }: OperationOf<'relu'>): Kernel => pointwise('relu', { x }, y, (type) => `max(x[i], ${type}())`)

export const reluGradient = ({ y, dy, dx }: OperationOf<'relu-gradient'>): Kernel =>
  pointwise('relu gradient', { y, dy }, dx, (type) => `select(${type}(), dy[i], y[i] > ${type}())`)

export const add = ({ a, b, y }: OperationOf<'add'>): Kernel => pointwise('add', { a, b }, y, () => 'a[i] + b[i]')

/** x Phi(x), Phi by Abramowitz and Stegun's erf (7.1.26; at most 1.5e-7 off) */
export const gelu = ({ x, y }: OperationOf<'gelu'>): Kernel => pointwise('gelu', { x }, y, () => `x[i] * ${PHI('x[i]')}`, 1)

export const geluGradient = ({ x, dy, dx }: OperationOf<'gelu-gradient'>): Kernel =>
  pointwise(
    'gelu gradient',
    { x, dy },
    dx,
    () => `dy[i] * (${PHI('x[i]')} + x[i] * ${1 / Math.sqrt(2 * Math.PI)} * exp(-0.5 * x[i] * x[i]))`,
    1,
  )

/** The normal distribution function, as an expression. */
const PHI = (x: string) => {
  const t = `(1.0 / (1.0 + ${0.3275911 / Math.SQRT2} * abs(${x})))`
  const tail = `${t} * (0.254829592 + ${t} * (-0.284496736 + ${t} * (1.421413741 + ${t} * (-1.453152027 + ${t} * 1.061405429))))`
  return `(0.5 + 0.5 * sign(${x}) * (1.0 - ${tail} * exp(-0.5 * ${x} * ${x})))`
}

function pointwise(
  name: string,
  inputs: Record<string, Region>,
  output: Region,
  value: (type: string) => string,
  width = widthFor(output.size),
): Kernel {
  const as = typeOf(width)
  return {
    name,
    buffers: {
      ...Object.fromEntries(Object.entries(inputs).map(([key, at]) => [key, { at, as }])),
      out: { at: output, as, writes: true },
    },
    integers: {},
    threads: output.size / width,
    body: `out[i] = ${value(as)};`,
  }
}
