import {
  type Backend,
  BatchStream,
  balancedChoice,
  buildModel,
  byteTable,
  createCompressor,
  Evaluator,
  findAlgorithm,
  type Insight,
  initialParameters,
  LabError,
  loadShard,
  loadTestSet,
  type MetricEvent,
  mixingMatrix,
  type OnDevice,
  type OpenDataset,
  partitionOf,
  picturesAt,
  type RunConfig,
  type SelfTest,
  SHARD_SAMPLE,
  type Snapshot,
  STRIP_PICTURES,
  shapes10,
  spectralGap,
  Trainer,
  uniformChoice,
  ViewChanged,
} from '../engine/index.ts'
import { Exchange, type PeerId, type Transport, type View } from '../p2p/index.ts'
import { stepsPerRound } from './steps-per-round.ts'

export interface MemberOptions {
  run: string
  config: RunConfig
  self: PeerId
  view: View
  transport: Transport
  openDataset: OpenDataset
  backend: Backend
  onEvent(event: MetricEvent): void
  onInsight?(insight: Insight): void
  onPaused?(step: number): void
  /** The device was lost and is replaced: all members want a new view, so that what they hold together is restored. The message says what happened. */
  renewView(message: string): void
  onProgress?(stage: string, fraction: number): void
}

/** What trains in this process, once it is ready: one worker of a run, or all workers of a simulated one. */
export interface Training {
  /** number of model parameters */
  parameters: number
  /** shards[rank][class]: pictures of each class that each worker holds */
  shards: number[][]
  shardSize: number
  spectralGap: number
  selfTest: SelfTest | null
  /** Trains to the end; resolves with false when stopped before. */
  run(): Promise<boolean>
  /** Pauses before the first gradient step with this number (0-based); null: trains freely. */
  runUntil(step: number | null): void
  stop(): void
  dispose(): void
}

/** One worker of a run, ready to train: the same object in a tab and in the simulation. */
export interface Member extends Training {
  /** gradient steps done */
  readonly steps: number
  changeView(view: View, message: string): void
}

/**
 * Loads this worker's shard, builds model, algorithm and exchange, and listens for frames of the run.
 * @throws LabError for what the configuration asks and this place cannot give
 */
export async function createMember(options: MemberOptions): Promise<Member> {
  const { config, view, self, onEvent, onProgress } = options
  const rank = view.members.indexOf(self)
  const workers = view.members.length
  const W = mixingMatrix(config.topology, workers)
  // Listening comes first: others may be ready, and sending, before this worker is.
  const exchange = new Exchange({
    run: options.run,
    self,
    view,
    transport: options.transport,
    aggregation: config.aggregation,
    float16: config.float16,
    viewChanged: (number) => new ViewChanged(number),
    mixing: (size) => (size === workers ? W : mixingMatrix(topologyFor(config, size), size)),
  })

  try {
    onProgress?.('data', 0)
    const dataset = config.dataset === 'shapes10' ? shapes10 : await options.openDataset(config.dataset)
    const partition = await partitionOf(dataset, { ...config, workers })
    const table = byteTable(dataset.manifest)
    const shard = await loadShard(dataset, partition, rank, (fraction) => onProgress?.('data', fraction))
    const test = await loadTestSet(dataset, config.testImages)
    const strip = balancedChoice(test.labels, STRIP_PICTURES, config.seed)
    const batches = new BatchStream(shard, table, { ...config, rank })

    onProgress?.('model', 0)
    const model = buildModel(config.model, dataset.manifest.classes)
    const place = { size: model.size, seed: config.seed, rank }
    const definition = findAlgorithm(config.algorithm.id)
    if (!definition) throw new LabError('model', `algorithm: got ${config.algorithm.id}, which is not built in`)
    const openOn = async ({ runner: newRunner, usable }: Backend, { parameters, state }: Snapshot, tell?: typeof onProgress) => {
      const runner = newRunner(model)
      const selfTest = await runner.prepare(config.batchSize, (fraction) => tell?.('model', fraction))
      const x = runner.space.zeros()
      x.write(parameters)
      if (state) runner.state?.write(state)
      const algorithm = definition.create(config.algorithm, {
        model: x,
        space: runner.space,
        compressor: createCompressor(config.compressor, place),
        resetCompressor: createCompressor(config.resetCompressor, place),
      })
      const evaluator = new Evaluator({ runner, test, table, classes: model.classes, strip })
      return { selfTest, device: { runner, algorithm, evaluator, usable } }
    }
    let { backend } = options
    let stopping = false
    let onNextView = () => {}
    const replaceDevice = async (last: Snapshot, message: string): Promise<OnDevice> => {
      if (backend.reopen) backend = await backend.reopen()
      const { device } = await openOn(backend, last)
      // Unless another loss has brought a new view anyway.
      if (exchange.settled && !stopping) {
        const come = new Promise<void>((resolve) => {
          onNextView = resolve
        })
        options.renewView(message)
        await come
      }
      return device
    }

    const start: Snapshot = { parameters: initialParameters(model, config.seed), state: null }
    const { selfTest, device } = await openOn(backend, start, onProgress)
    const trainer = new Trainer({
      denseDown: definition.denseDown ?? false,
      stepsPerRound: stepsPerRound(config),
      seat: rank,
      config,
      device,
      recovery: backend.reopen ? { start, replace: replaceDevice } : null,
      batches,
      communicator: exchange,
      onEvent,
      onInsight: options.onInsight,
      onPaused: options.onPaused,
    })
    let concluded = false

    return {
      parameters: model.size,
      shards: partition.counts,
      shardSize: partition.shardSize,
      spectralGap: spectralGap(W),
      selfTest,
      get steps() {
        return trainer.steps
      },
      async run() {
        options.onInsight?.({
          type: 'pictures',
          rank,
          strip: picturesAt(test, strip),
          own: picturesAt(shard, uniformChoice(shard.labels, SHARD_SAMPLE, config.seed, rank)),
        })
        try {
          concluded = await trainer.run()
        } catch (error) {
          // Stopping closes the exchange, which rejects the round under way.
          if (!stopping) throw error
        }
        return concluded
      },
      runUntil: (step) => trainer.runUntil(step),
      changeView(next, message) {
        exchange.changeView(next)
        onNextView()
        onEvent({ type: 'view', rank, step: trainer.steps, view: next.number, members: next.members.length, message })
        // The others may still be in their last evaluation, which needs everybody.
        if (concluded) void trainer.rejoin()
      },
      stop() {
        stopping = true
        trainer.stop()
        exchange.close()
        onNextView()
      },
      dispose() {
        exchange.close()
        trainer.dispose()
      },
    }
  } catch (error) {
    exchange.close()
    throw error
  }
}

/** After a loss the topology may not exist any more (a torus of a prime number): the ring always does. */
function topologyFor(config: RunConfig, size: number): RunConfig['topology'] {
  try {
    mixingMatrix(config.topology, size)
    return config.topology
  } catch {
    return 'ring'
  }
}
