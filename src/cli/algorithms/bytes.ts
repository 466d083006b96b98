import { runQuadratic } from '../../cluster/index.ts'
import { type AlgorithmDefinition, type Backend, buildModel, compressorSchema, createCompressor, mixingMatrix } from '../../engine/index.ts'

/** ResNet20 on a ring of eight, averages by all-gather, four local steps where a method has them, k/d = 0.01. */
export const setting = { workers: 8, degree: 2, dimension: buildModel('resnet20-gn', 10).size, localSteps: 4, kept: 2_725 }

const { workers: N, degree, dimension: D, localSteps: K, kept: k } = setting
const toAll = N - 1
/** index and value of a sparse entry, before the index is compressed */
const pair = 8

/** Bytes per worker and step as the formula says, without framing; sparse positions at 4 bytes each. */
const computed: Record<string, { formula: string; bytes: number }> = {
  'd-sum': { formula: '4D deg / K', bytes: (4 * D * degree) / K },
  'gt-dsum': { formula: '12D deg / K', bytes: (12 * D * degree) / K },
  'pr-sgd-m': { formula: '8D (N-1) / K', bytes: (8 * D * toAll) / K },
  'gossip-msgd': { formula: '8D deg', bytes: 8 * D * degree },
  gmc: { formula: '8k (N-1)', bytes: pair * k * toAll },
  'gmc-plus': { formula: '8k (N-1)', bytes: pair * k * toAll },
  'gmc-server-momentum': { formula: '8k (N-1)', bytes: pair * k * toAll },
  'gmc-lr-residual': { formula: '8k (N-1)', bytes: pair * k * toAll },
  dmsgd: { formula: '4D (N-1)', bytes: 4 * D * toAll },
  dgc: { formula: '8k (N-1)', bytes: pair * k * toAll },
  cser: { formula: '8k (N-1) (1 + 1/H)', bytes: pair * k * toAll * (1 + 1 / K) },
  'def-a': { formula: '8k (N-1)', bytes: pair * k * toAll },
  'd-psgd': { formula: '4D deg', bytes: 4 * D * degree },
  'd-psgd-m': { formula: '4D deg', bytes: 4 * D * degree },
  'qg-dsgdm': { formula: '4D deg', bytes: 4 * D * degree },
  'gt-dsgd': { formula: '8D deg', bytes: 8 * D * degree },
  'momentum-tracking': { formula: '8D deg', bytes: 8 * D * degree },
  d2: { formula: '4D deg', bytes: 4 * D * degree },
  'k-gt': { formula: '8D deg / K', bytes: (8 * D * degree) / K },
  slowmo: { formula: '4D (N-1) / K', bytes: (4 * D * toAll) / K },
  'choco-sgd': { formula: '8k deg', bytes: pair * k * degree },
  'relay-sgd': { formula: '4D deg (mean degree of a chain: 2 (N-1) / N)', bytes: (4 * D * 2 * (N - 1)) / N },
  fedavg: { formula: '4D (N-1) / K', bytes: (4 * D * toAll) / K },
  scaffold: { formula: '8D (N-1) / K', bytes: (8 * D * toAll) / K },
  local: { formula: '0', bytes: 0 },
  centralized: { formula: '0', bytes: 0 },
}

export function computedBytes(id: string): { formula: string; bytes: number } {
  const known = computed[id]
  if (!known) throw new RangeError(`no byte formula for ${id}`)
  return known
}

/** Payload bytes per worker and step that the real codec sends, measured over one round. */
export async function measuredBytes(definition: AlgorithmDefinition, backend: Backend): Promise<number> {
  const workers = Math.min(N, definition.mostWorkers ?? N)
  const own = definition.hyperparameters.shape
  const hyperparameters = definition.hyperparameters.parse({
    ...('localSteps' in own && { localSteps: K }),
    ...('resetInterval' in own && { resetInterval: K }),
  })
  const place = { size: D, seed: 1, rank: 0 }
  const compressor = createCompressor(compressorSchema.parse({ id: 'top-k', ratio: k / D }), place)
  // Different everywhere and on every worker, so that supports and positions are those of ordinary vectors.
  const wave = (i: number, d: number) =>
    Math.sin(d * 12.9898 + i * 78.233) * 43758.5453 - Math.floor(Math.sin(d * 12.9898 + i * 78.233) * 43758.5453)
  const rows = (value: (i: number, d: number) => number) =>
    Array.from({ length: workers }, (_, i) => Array.from({ length: D }, (_, d) => value(i, d)))
  let sent = 0
  await runQuadratic(
    {
      workers,
      dimension: D,
      steps: K,
      problem: { curvature: rows(() => 1), minimizer: rows((i, d) => wave(i, d) - 0.5) },
      definition,
      hyperparameters,
      compressor,
      resetCompressor: compressor,
      matrices: [mixingMatrix(definition.topologies ? 'chain' : 'ring', workers)],
      learningRate: new Array<number>(K).fill(0.1),
      weightDecay: 0,
      initial: new Array<number>(D).fill(0),
    },
    backend,
    async (_, all) => {
      sent = all.reduce((sum, worker) => sum + worker.sentPayloadBytes(), 0)
    },
  )
  return sent / workers / K
}
