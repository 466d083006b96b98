export { type Graph, graphOf, type TopologyName } from './graphs.ts'
export { type MixingMatrix, mixingMatrix, spectralGap } from './mixing.ts'
