import type { OperationOf } from '../../../plan/index.ts'
import { type Kernel, lines, typeOf, widthFor } from '../kernel.ts'
import { divisorUpTo } from '../tiles.ts'

/** tokens that one thread takes together, at most: what it loads of the others serves them all */
const MOST_TOGETHER = 5

type Operation = OperationOf<'attention'> | OperationOf<'attention-gradient'>

/** A thread goes once over all keys for a few queries of a head, its maximum and sums moving along (online softmax). */
export function attention(operation: OperationOf<'attention'>): Kernel {
  const { x, y, logSums } = operation
  const { as, parts, together, common, score, integers, threads, product, skip } = layOf(operation)
  return {
    name: 'attention',
    buffers: {
      x: { at: x, as },
      parameters: { at: 'parameters', as: 'f32' },
      y: { at: y, as, writes: true },
      logSums: { at: logSums, as: 'f32', writes: true },
    },
    integers,
    threads,
    flops: 2 * product,
    body: `${common}
${lines(
  together,
  (t) => `${load('q', t, parts, 'x', `first + ${t}`, '0', 'g.row')}
var top${t} = -3.0e38; var sum${t} = 0.0;
${lines(parts, (k) => `var a${t}_${k} = ${as}();`)}`,
)}
for (var j = 0; j < g.tokens; j++) {
${load('k', 0, parts, 'x', 'j', 'g.width', 'g.row')}
${load('v', 0, parts, 'x', 'j', '2 * g.width', 'g.row')}
${lines(
  together,
  (t) => `${skip(t)} {
  let s = temperature * ${score(`q${t}`, 'k0')};
  let top = max(top${t}, s);
  let old = exp(top${t} - top);
  let p = exp(s - top);
  top${t} = top;
  sum${t} = sum${t} * old + p;
${lines(parts, (k) => `a${t}_${k} = a${t}_${k} * old + p * v0_${k};`)}
}`,
)}
}
${lines(
  together,
  (t) => `${lines(parts, (k) => `y[(n * g.tokens + first + ${t}) * g.width + part + ${k}] = a${t}_${k} / sum${t};`)}
logSums[(n * g.heads + head) * g.tokens + first + ${t}] = top${t} + log(sum${t});`,
)}`,
  }
}

/**
 * With P the weights and D_i = dO_i O_i: dS_ij = P_ij (dO_i v_j - D_i); dq_i = temperature sum_j dS_ij k_j; dk_j = temperature
 * sum_i dS_ij q_i; dv_j = sum_i P_ij dO_i; dTemperature = sum dS_ij (q_i k_j). P is computed again from the log sums.
 */
export function attentionGradient(operation: OperationOf<'attention-gradient'>): Kernel[] {
  const { shape, x, y, logSums, dy, dx, temperature } = operation
  const { batch, tokens, heads } = shape
  const { as, parts, together, common, score, integers, threads, product, skip } = layOf(operation)
  const perHead = batch * heads * tokens
  const queries: Kernel = {
    name: 'attention query gradient',
    buffers: {
      x: { at: x, as },
      parameters: { at: 'parameters', as: 'f32' },
      y: { at: y, as },
      dy: { at: dy, as },
      logSums: { at: logSums, as: 'f32' },
      dx: { at: dx, as, writes: true },
      products: { at: 'coefficients', as: 'f32', writes: true },
      ...(temperature && { partial: { at: 'partial' as const, as: 'f32' as const, writes: true as const } }),
    },
    integers,
    threads,
    flops: 3 * product,
    coefficients: perHead,
    partial: temperature ? threads : 0,
    body: `${common}
var dTemperature = 0.0;
${lines(
  together,
  (t) => `${load('q', t, parts, 'x', `first + ${t}`, '0', 'g.row')}
${load('o', t, parts, 'dy', `first + ${t}`, '0', 'g.width')}
${load('y', t, parts, 'y', `first + ${t}`, '0', 'g.width')}
let d${t} = ${score(`o${t}`, `y${t}`)};
products[(n * g.heads + head) * g.tokens + first + ${t}] = d${t};
let l${t} = logSums[(n * g.heads + head) * g.tokens + first + ${t}];
${lines(parts, (k) => `var a${t}_${k} = ${as}();`)}`,
)}
for (var j = 0; j < g.tokens; j++) {
${load('k', 0, parts, 'x', 'j', 'g.width', 'g.row')}
${load('v', 0, parts, 'x', 'j', '2 * g.width', 'g.row')}
${lines(
  together,
  (t) => `${skip(t)} {
  let s = ${score(`q${t}`, 'k0')};
  let ds = exp(temperature * s - l${t}) * (${score(`o${t}`, 'v0')} - d${t});
  dTemperature = dTemperature + ds * s;
${lines(parts, (k) => `a${t}_${k} = a${t}_${k} + ds * k0_${k};`)}
}`,
)}
}
${lines(together, (t) => lines(parts, (k) => `dx[(n * g.tokens + first + ${t}) * g.row + part + ${k}] = temperature * a${t}_${k};`))}
${temperature ? 'partial[i] = dTemperature;' : ''}`,
  }
  const keys: Kernel = {
    name: 'attention key gradient',
    buffers: {
      x: { at: x, as },
      parameters: { at: 'parameters', as: 'f32' },
      dy: { at: dy, as },
      logSums: { at: logSums, as: 'f32' },
      products: { at: 'coefficients', as: 'f32' },
      dx: { at: dx, as, writes: true },
    },
    integers,
    threads,
    flops: 4 * product,
    coefficients: perHead,
    body: `${common}
${lines(
  together,
  (t) => `${load('k', t, parts, 'x', `first + ${t}`, 'g.width', 'g.row')}
${load('v', t, parts, 'x', `first + ${t}`, '2 * g.width', 'g.row')}
${lines(parts, (k) => `var a${t}_${k} = ${as}(); var b${t}_${k} = ${as}();`)}`,
)}
for (var j = 0; j < g.tokens; j++) {
${load('q', 0, parts, 'x', 'j', '0', 'g.row')}
${load('o', 0, parts, 'dy', 'j', '0', 'g.width')}
let l = logSums[(n * g.heads + head) * g.tokens + j];
let d = products[(n * g.heads + head) * g.tokens + j];
${lines(
  together,
  (t) => `${skip(t)} {
  let p = exp(temperature * ${score('q0', `k${t}`)} - l);
  let ds = p * (${score('o0', `v${t}`)} - d);
${lines(parts, (k) => `a${t}_${k} = a${t}_${k} + ds * q0_${k};\nb${t}_${k} = b${t}_${k} + p * o0_${k};`)}
}`,
)}
}
${lines(together, (t) =>
  lines(
    parts,
    (k) => `dx[(n * g.tokens + first + ${t}) * g.row + g.width + part + ${k}] = temperature * a${t}_${k};
dx[(n * g.tokens + first + ${t}) * g.row + 2 * g.width + part + ${k}] = b${t}_${k};`,
  ),
)}`,
  }
  if (!temperature) return [queries, keys]
  const factors: Kernel = {
    name: 'temperature gradient',
    buffers: { partial: { at: 'partial', as: 'f32' }, gradient: { at: 'gradient', as: 'f32', writes: true } },
    integers: { batch, blocks: tokens / together, temperature: temperature.offset },
    threads: heads,
    body: `
var sum = 0.0;
for (var n = 0; n < g.batch; n++) {
  for (var b = 0; b < g.blocks; b++) { sum = sum + partial[(n * g.threads + i) * g.blocks + b]; }
}
gradient[g.temperature + i] = sum;`,
  }
  return [queries, keys, factors]
}

/** What the three kernels share: a thread is a block of tokens of one head of one picture. */
function layOf({ shape, temperature, masked }: Operation) {
  const { batch, tokens, width, heads } = shape
  const size = width / heads
  const loaded = widthFor(size)
  const parts = size / loaded
  const together = divisorUpTo(tokens, MOST_TOGETHER)
  const factor = temperature ? 'parameters[g.temperature + head]' : `f32(${1 / Math.sqrt(size)})`
  return {
    as: typeOf(loaded),
    parts,
    together,
    threads: (batch * heads * tokens) / together,
    /** multiplications and additions of one product of all heads, such as q k' */
    product: 2 * batch * tokens * tokens * width,
    integers: { tokens, heads, width: width / loaded, row: (3 * width) / loaded, temperature: temperature?.offset ?? 0 },
    /** `first`: the first token of the block; `part`: where the head begins in a row */
    common: `
let blocks = g.tokens / ${together};
let first = i % blocks * ${together};
let head = i / blocks % g.heads;
let n = i / blocks / g.heads;
let part = head * ${parts};
let temperature = ${factor};`,
    score: (a: string, b: string) =>
      `(${Array.from({ length: parts }, (_, k) => (loaded === 4 ? `dot(${a}_${k}, ${b}_${k})` : `${a}_${k} * ${b}_${k}`)).join(' + ')})`,
    skip: (t: number) => (masked ? `if (j != first + ${t})` : ''),
  }
}

/** Loads a head's stretch of a row into name0, name1, ... */
const load = (name: string, t: number, parts: number, buffer: string, row: string, column: string, stride: string) =>
  lines(parts, (k) => `let ${name}${t}_${k} = ${buffer}[(n * g.tokens + ${row}) * ${stride} + ${column} + part + ${k}];`)
