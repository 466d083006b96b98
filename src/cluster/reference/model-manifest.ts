import { z } from 'zod'

const sgdSchema = z.object({ lr: z.number(), momentum: z.number(), weightDecay: z.number(), steps: z.int() })
const numbers = z.array(z.number())

/** `manifest.json` of format `model-case/1`: a model, weights, a batch, and what PyTorch makes of them. */
export const manifestSchema = z.object({
  format: z.literal('model-case/1'),
  model: z.string(),
  classes: z.int(),
  seed: z.int(),
  parameterCount: z.int(),
  parameters: z.array(z.object({ name: z.string(), shape: z.array(z.int()), offset: z.int() })),
  labels: z.array(z.int()),
  loss: z.number(),
  activations: z.array(z.object({ name: z.string(), shape: z.array(z.int()), mean: z.number(), l2: z.number() })),
  sgd: sgdSchema,
  sgdLosses: numbers,
  sgdFinalLoss: z.number(),
  sgdDecay: sgdSchema.extend({ losses: numbers }),
  /** batch normalization only, by the layer's name: after one training pass */
  runningStats: z.record(z.string(), z.object({ mean: numbers, variance: numbers })).default({}),
  /** batch normalization only: the same pictures in evaluation mode, with those statistics */
  evalLogits: z.array(numbers).optional(),
  tolerance: z.object({
    loss: z.number(),
    logits: z.number(),
    gradRel: z.number(),
    gradMax: z.number(),
    activation: z.number(),
    runningMean: z.number().default(0),
    runningVariance: z.number().default(0),
    evalLogits: z.number().default(0),
    sgdLosses: numbers,
    sgdDecay: numbers,
  }),
})

export type Manifest = z.infer<typeof manifestSchema>
/** learning rate, momentum, weight decay and number of steps */
export type Sgd = z.infer<typeof sgdSchema>
