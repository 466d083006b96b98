export {
  type Algorithm,
  type AlgorithmDefinition,
  type AlgorithmId,
  type AlgorithmParts,
  algorithms,
  type Exchanged,
  findAlgorithm,
  type WorkerView,
} from './algorithms/index.ts'
export {
  type Backend,
  type BackendChoice,
  type BackendName,
  type Batch,
  chooseBackend,
  type KernelTime,
  type ModelRunner,
  openBackend,
  plainVectors,
  profileStep,
  type SelfTest,
  type StepProfile,
} from './backends/index.ts'
export { type Communicator, type RoundArray, type RoundTimes, type SentBytes, ViewChanged } from './communicator.ts'
export {
  blockFrom,
  type Compressor,
  type CompressorConfig,
  compressorSchema,
  compressors,
  createCompressor,
  exactTopK,
} from './compressors/index.ts'
export {
  type AlgorithmConfig,
  aggregationNames,
  backendNames,
  ConfigError,
  type ConfigIssue,
  DEFAULT_ALGORITHM,
  datasetNames,
  modelNames,
  parseRunConfig,
  type RunConfig,
  type RunConfigInput,
  runConfigSchema,
  topologyNames,
} from './config.ts'
export * from './data/index.ts'
export { LabError } from './errors.ts'
export { Evaluator } from './evaluation.ts'
export {
  type EvaluationEvent,
  type FinishedEvent,
  type MetricEvent,
  type PayloadByKind,
  type PayloadKind,
  payloadKinds,
  type StepEvent,
  type VectorKind,
  type ViewEvent,
} from './events.ts'
export { exchangeGraph, partnersOf } from './exchange-graph.ts'
export { exchangeVectors, tradeCounted } from './exchange-vectors.ts'
export {
  activeFields,
  allFields,
  type CheckedDraft,
  checkDraft,
  type Draft,
  draftOf,
  fieldValue,
  toInput,
  variantFields,
} from './form/draft.ts'
export { describeRange, type FieldSpec, fieldsOf, type NumberRange, runFields } from './form/fields.ts'
export { issueText } from './form/issue-text.ts'
export {
  balancedChoice,
  type Insight,
  type JointPredictions,
  type Predictions,
  picturesAt,
  SHARD_SAMPLE,
  STRIP_PICTURES,
  uniformChoice,
} from './insight.ts'
export { decode, eachValue, type Message, type MessageKind, scalarCount } from './message.ts'
export { buildModel, initialParameters, initialState, type Model, type ModelName } from './models/index.ts'
export { allowedNames, didYouMean } from './near-names.ts'
export { randomStream } from './random.ts'
export { graphOf, type MixingMatrix, mixingMatrix, spectralGap, type TopologyName } from './topology/index.ts'
export { type OnDevice, type Recovery, type Snapshot, Trainer, type TrainerParts } from './trainer.ts'
export type { Vector, VectorSpace } from './vector.ts'
export { yieldToMessages } from './yield.ts'
