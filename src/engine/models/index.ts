import type { modelNames } from '../config.ts'
import { cnn } from './cnn.ts'
import { resnet } from './resnet.ts'
import type { Model } from './types.ts'

export type ModelName = (typeof modelNames)[number]

const builders: Record<ModelName, (classes: number) => Model> = {
  cnn,
  'resnet20-gn': (classes) => resnet('resnet20-gn', 3, classes),
}

/** The model of that name with so many classes. */
export function buildModel(name: ModelName, classes: number): Model {
  return builders[name](classes)
}

export { initialParameters } from './initialize.ts'
export type { Layer, Model, Node, Parameter } from './types.ts'
