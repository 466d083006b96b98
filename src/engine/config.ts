import { z } from 'zod'
import { algorithms, findAlgorithm } from './algorithms/index.ts'
import { compressorSchema, compressors } from './compressors/index.ts'
import { allowedNames, didYouMean } from './near-names.ts'

export const datasetNames = ['shapes10', 'cifar10', 'cifar100'] as const
export const modelNames = ['cnn', 'resnet20-gn', 'resnet20-bn', 'resnet56-gn', 'resnet56-bn', 'vit', 'vit-sl'] as const
export const topologyNames = ['ring', 'complete', 'torus', 'exponential', 'chain', 'star'] as const
export const aggregationNames = ['all-gather', 'server', 'ring'] as const
export const backendNames = ['auto', 'wgsl', 'simd', 'wasm', 'webgpu', 'webgl', 'cpu'] as const

export const DEFAULT_ALGORITHM = 'd-sum'

/** One algorithm and its hyperparameters. */
export type AlgorithmConfig = { id: string } & Record<string, string | number | boolean>

// zod's types cannot follow the list of definitions; at run time this is the union over all of them.
const algorithmSchema = z.discriminatedUnion(
  'id',
  algorithms.map(({ id, hyperparameters }) => z.strictObject({ id: z.literal(id), ...hyperparameters.shape })) as unknown as [
    z.ZodObject<{ id: z.ZodLiteral<string> }>,
  ],
) as unknown as z.ZodType<AlgorithmConfig, AlgorithmConfig>

/**
 * A run, whole. It is the form in the dashboard, the state in the URL, the flags of the CLI, the header of every
 * results file and the message that starts a run on every peer.
 */
const fields = z.strictObject({
  dataset: z.enum(datasetNames).default('shapes10').describe('Pictures to learn; shapes10 is built in'),
  trainImages: z.int().min(10).max(50_000).default(10_000).describe('Use the first so many training pictures, shared out over the workers'),
  testImages: z.int().min(10).max(10_000).default(500).describe('Evaluate on the first so many test pictures'),
  partition: z.enum(['iid', 'dirichlet']).default('dirichlet').describe('How pictures are shared out: evenly mixed, or skewed by class'),
  alpha: z
    .number()
    .positive()
    .max(1e6)
    .default(0.5)
    .describe('Dirichlet parameter: 100 is nearly even, 0.1 gives each worker a few classes'),
  model: z
    .enum(modelNames)
    .default('cnn')
    .describe(
      'Network to train. Beside the small CNN, ResNet20 takes 5 times the work per picture and 4 times the bytes, ViT 10 and 18, ResNet56 16 and 13',
    ),
  algorithm: algorithmSchema.prefault({ id: DEFAULT_ALGORITHM }).describe('Learning algorithm'),
  compressor: compressorSchema.prefault({ id: 'top-k' }).describe('What is kept of a vector before it is sent'),
  resetCompressor: compressorSchema.prefault({ id: 'top-k' }).describe('What is kept of the residuals at an error reset'),
  aggregation: z
    .enum(aggregationNames)
    .default('all-gather')
    .describe(
      'How exact averages are made: everybody sends to everybody, one worker sums up and sends back, or sums go round a ring (dense vectors only)',
    ),
  float16: z.boolean().default(false).describe('Send dense vectors with 16 bits a value instead of 32: half the bytes, and rounded'),
  topology: z.enum(topologyNames).default('ring').describe('Who gossips with whom'),
  workers: z.int().min(1).max(64).default(4).describe('Number of workers; in a room, the tabs that are there'),
  steps: z.int().min(1).max(1_000_000).default(200).describe('Gradient steps of each worker'),
  batchSize: z.int().min(1).max(1_024).default(32).describe('Pictures in each mini-batch of each worker'),
  learningRate: z.number().positive().max(100).default(0.01).describe('Base learning rate'),
  schedule: z
    .enum(['constant', 'cosine', 'step'])
    .default('constant')
    .describe('Learning rate over epochs: constant, cosine to zero, or x0.1 at 50 % and 75 %'),
  warmupEpochs: z.number().min(0).max(1_000).default(0).describe('Raise the learning rate linearly over the first so many epochs'),
  weightDecay: z.number().min(0).max(1).default(1e-4).describe('L2 regularization added to every gradient'),
  augment: z.boolean().default(true).describe('Random crop with padding 4 and horizontal flip'),
  evaluateEvery: z.int().min(0).max(1_000_000).default(25).describe('Steps between evaluations; 0 evaluates only at the end'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(42)
    .describe('Every random choice follows from it'),
  backend: z
    .enum(backendNames)
    .default('auto')
    .describe('Who computes; auto takes the compiled engine: wgsl on WebGPU hardware if there is any, else simd on the CPU'),
})

export const runConfigSchema = fields.superRefine(({ algorithm, topology, workers }, context) => {
  const { topologies, mostWorkers, title } = findAlgorithm(algorithm.id) ?? {}
  if (topologies && !topologies.includes(topology))
    context.addIssue({ code: 'custom', path: ['topology'], input: topology, message: `${title} runs on: ${topologies.join(', ')}` })
  if (mostWorkers && workers > mostWorkers)
    context.addIssue({ code: 'custom', path: ['workers'], input: workers, message: `${title} takes at most ${mostWorkers}` })
})

export type RunConfig = z.output<typeof runConfigSchema>
export type RunConfigInput = z.input<typeof runConfigSchema>

/** One thing wrong with a configuration. */
export interface ConfigIssue {
  /** dotted path of the field, as in flags and the URL: `alpha`, `algorithm.beta` */
  field: string
  /** names the value that came and what is allowed */
  message: string
}

/** Thrown for a configuration that cannot be run; its message has one line for each issue. */
export class ConfigError extends Error {
  readonly kind = 'config'
  constructor(readonly issues: ConfigIssue[]) {
    super(issues.map((issue) => `${issue.field}: ${issue.message}`).join('\n'))
  }
}

/** Fills in defaults. Throws ConfigError naming field, value and what is allowed. */
export function parseRunConfig(input: unknown): RunConfig {
  const result = runConfigSchema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  throw new ConfigError(result.error.issues.map(describeIssue))
}

function describeIssue(issue: z.core.$ZodIssue): ConfigIssue {
  const field = issue.path.join('.') || 'configuration'
  if (issue.code === 'unrecognized_keys') {
    const meant = issue.path.length === 0 ? didYouMean(issue.keys[0], Object.keys(fields.shape)) : ''
    return {
      field: [...issue.path, issue.keys[0]].join('.'),
      message: `unknown field${issue.keys.length > 1 ? `s ${issue.keys.join(', ')}` : ''}${meant}`,
    }
  }
  if (issue.code === 'invalid_value') return { field, message: notAllowed(issue.input, issue.values.map(String)) }
  if (issue.code === 'invalid_union' && issue.discriminator) {
    const known: readonly { id: string }[] = issue.path[0] === 'algorithm' ? algorithms : compressors
    const names = known.map(({ id }) => id)
    return { field, message: notAllowed((issue.input as { id?: unknown } | undefined)?.id, names) }
  }
  return { field, message: `got ${shown(issue.input)}; ${issue.message}` }
}

const notAllowed = (value: unknown, names: readonly string[]) => `got ${shown(value)}; ${allowedNames(value, names)}`

const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80))
