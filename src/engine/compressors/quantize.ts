import { z } from 'zod'
import type { CompressorDefinition } from './types.ts'

const hyperparameters = z.object({})

/** Every entry as a whole number of 127ths of the largest magnitude: 8 bits for 32. */
export const byte: CompressorDefinition<typeof hyperparameters.shape> = {
  id: 'byte',
  title: '8-bit quantization',
  source: 'Dettmers (2016), linear form',
  hyperparameters,
  create: () => ({
    async compress(v) {
      const values = await v.read()
      let scale = 0
      for (const value of values) scale = Math.max(scale, Math.abs(value))
      const codes = new Int8Array(v.size)
      if (scale > 0) for (let i = 0; i < v.size; i++) codes[i] = Math.round((values[i] / scale) * 127)
      return { kind: 'byte', size: v.size, scale, codes }
    },
  }),
}

/** The sign of every entry, times the mean magnitude: 1 bit for 32. */
export const sign: CompressorDefinition<typeof hyperparameters.shape> = {
  id: 'sign',
  title: '1-bit signs',
  source: 'Karimireddy et al. (2019), EF-signSGD',
  hyperparameters,
  create: () => ({
    async compress(v) {
      const values = await v.read()
      const bits = new Uint8Array(Math.ceil(v.size / 8))
      let sum = 0
      for (let i = 0; i < v.size; i++) {
        sum += Math.abs(values[i])
        if (values[i] >= 0) bits[i >> 3] |= 1 << (i & 7)
      }
      return { kind: 'sign', size: v.size, scale: Math.fround(sum / v.size), bits }
    },
  }),
}
