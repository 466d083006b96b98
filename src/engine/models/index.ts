import type { modelNames } from '../config.ts'
import { cnn } from './cnn.ts'
import { resnet } from './resnet.ts'
import type { Model } from './types.ts'
import { vit } from './vit.ts'

export type ModelName = (typeof modelNames)[number]

const builders: Record<ModelName, (classes: number) => Model> = {
  cnn,
  'resnet20-gn': (classes) => resnet('resnet20-gn', 3, 'group', classes),
  'resnet20-bn': (classes) => resnet('resnet20-bn', 3, 'batch', classes),
  'resnet56-gn': (classes) => resnet('resnet56-gn', 9, 'group', classes),
  'resnet56-bn': (classes) => resnet('resnet56-bn', 9, 'batch', classes),
  vit: (classes) => vit('vit', false, classes),
  'vit-sl': (classes) => vit('vit-sl', true, classes),
}

/** The model of that name with so many classes. */
export function buildModel(name: ModelName, classes: number): Model {
  return builders[name](classes)
}

export { initialParameters, initialState } from './initialize.ts'
export type { Layer, Model, Node, Parameter, StateSlot } from './types.ts'
