import type { OperationOf } from '../../../plan/index.ts'
import type { Kernel } from '../kernel.ts'

/** One thread a picture: classes are few. Equal largest logits: the first is the prediction. */
export function crossEntropy({ batch, classes, logits, results, dLogits }: OperationOf<'cross-entropy'>): Kernel {
  return {
    name: 'cross-entropy',
    buffers: {
      logits: { at: logits, as: 'f32' },
      labels: { at: 'labels', as: 'u32' },
      results: { at: results, as: 'f32', writes: true },
      ...(dLogits && { dLogits: { at: dLogits, as: 'f32', writes: true as const } }),
    },
    integers: { classes },
    threads: batch,
    body: `
let base = i * g.classes;
let label = i32(labels[i]);
var best = 0;
for (var c = 1; c < g.classes; c++) { if (logits[base + c] > logits[base + best]) { best = c; } }
let largest = logits[base + best];
var sum = 0.0;
for (var c = 0; c < g.classes; c++) { sum = sum + exp(logits[base + c] - largest); }
results[i * 3] = log(sum) - (logits[base + label] - largest);
results[i * 3 + 1] = f32(best);
results[i * 3 + 2] = 1.0 / sum;
${
  dLogits
    ? `for (var c = 0; c < g.classes; c++) {
  let target_ = select(0.0, 1.0, c == label);
  dLogits[base + c] = (exp(logits[base + c] - largest) / sum - target_) / f32(g.threads);
}`
    : ''
}`,
  }
}
