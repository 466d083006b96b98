import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseBackend, openBackend } from '../backends/index.ts'
import { IMAGE_BYTES } from './dataset.ts'
import { shapes10 } from './shapes10.ts'

describe('Shapes-10', () => {
  it('is deterministic: any stretch is the same however it is read', async () => {
    const whole = await shapes10.trainImages(990, 30)
    expect(await shapes10.trainImages(1000, 5)).toEqual(whole.subarray(10 * IMAGE_BYTES, 15 * IMAGE_BYTES))
    expect(await shapes10.testImages(3)).toEqual((await shapes10.testImages(10)).subarray(0, 3 * IMAGE_BYTES))
  })

  it('has ten classes of equal size, and record numbers that ascend within each and cover all', async () => {
    const { trainClassCounts, testRecords } = shapes10.manifest
    expect(trainClassCounts).toEqual(new Array(10).fill(1000))
    const records = await shapes10.trainRecords()
    for (let label = 0; label < 10; label++) {
      const ofClass = [...records.subarray(label * 1000, label * 1000 + 1000)]
      expect(ofClass).toEqual(ofClass.toSorted((a, b) => a - b))
    }
    expect(new Set(records).size).toBe(10_000)
    expect((await shapes10.testLabels()).length).toBe(testRecords)
  })

  describe('learning', () => {
    beforeAll(async () => {
      await openBackend(await chooseBackend('simd'))
    })

    it('leaves a linear model below 60 %', async () => {
      const scaled = (bytes: Uint8Array) =>
        tf.tensor2d(
          Float32Array.from(bytes, (value) => (value / 255 - 0.5) / 0.25),
          [bytes.length / IMAGE_BYTES, IMAGE_BYTES],
        )
      const train = scaled(await shapes10.trainImages(0, 10_000))
      const test = scaled(await shapes10.testImages(1_000))
      const labels = tf.tensor1d(Int32Array.from((await shapes10.testLabels()).slice(0, 1_000)), 'int32')
      const weights = tf.variable(tf.zeros([IMAGE_BYTES, 10])) as tf.Variable<tf.Rank.R2>
      const optimizer = tf.train.adam(5e-4)
      const accuracies: number[] = []
      for (let epoch = 0; epoch < 5; epoch++) {
        const order = tf.util.createShuffledIndices(10_000)
        for (let batch = 0; batch < 100; batch++)
          tf.tidy(() => {
            const picked = Int32Array.from(order.slice(batch * 100, batch * 100 + 100))
            const targets = tf.oneHot(
              tf.tensor1d(
                picked.map((i) => Math.floor(i / 1000)),
                'int32',
              ),
              10,
            )
            optimizer.minimize(() => tf.losses.softmaxCrossEntropy(targets, tf.matMul(tf.gather(train, picked), weights)))
          })
        accuracies.push(tf.tidy(() => tf.mean(tf.equal(tf.argMax(tf.matMul(test, weights), 1), labels)).dataSync()[0]))
      }
      tf.dispose([train, test, labels, weights])
      expect(Math.max(...accuracies)).toBeLessThan(0.6)
      // It does learn something, so the bound says something.
      expect(Math.max(...accuracies)).toBeGreaterThan(0.2)
    })
  })
})
