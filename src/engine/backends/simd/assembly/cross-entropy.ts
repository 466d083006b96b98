/**
 * results [batch, 3]: cross-entropy in nats, the class with the largest logit (of equal ones the first), and its probability; dLogits unless
 * 0: the gradient of the batch's mean cross-entropy. Labels are bytes.
 */
export function crossEntropy(logits: usize, labels: usize, results: usize, dLogits: usize, batch: i32, classes: i32): void {
  for (let n = 0; n < batch; n++) {
    const label = <i32>load<u8>(labels + <usize>n)
    let best = 0
    for (let c = 1; c < classes; c++) if (valueAt(logits, c) > valueAt(logits, best)) best = c
    const largest = valueAt(logits, best)
    let sum: f32 = 0
    for (let c = 0; c < classes; c++) sum += Mathf.exp(valueAt(logits, c) - largest)
    store<f32>(results, Mathf.log(sum) - (valueAt(logits, label) - largest))
    store<f32>(results, <f32>best, 4)
    store<f32>(results, <f32>1 / sum, 8)
    results += 12
    if (dLogits) {
      for (let c = 0; c < classes; c++) {
        const target: f32 = c === label ? 1 : 0
        store<f32>(dLogits + ((<usize>c) << 2), (Mathf.exp(valueAt(logits, c) - largest) / sum - target) / <f32>batch)
      }
      dLogits += (<usize>classes) << 2
    }
    logits += (<usize>classes) << 2
  }
}

function valueAt(values: usize, index: i32): f32 {
  return load<f32>(values + ((<usize>index) << 2))
}
