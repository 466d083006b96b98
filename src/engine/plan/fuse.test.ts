import { describe, expect, it } from 'vitest'
import { modelNames } from '../config.ts'
import { ModelBuilder } from '../models/builder.ts'
import { buildModel } from '../models/index.ts'
import type { Layer, Model } from '../models/types.ts'
import { fuse } from './fuse.ts'

const count = ({ nodes }: Model, ...ops: Layer['op'][]) => nodes.filter(({ layer }) => ops.includes(layer.op)).length

describe('merging', () => {
  it.each(modelNames)('%s: every ReLU goes into its normalization, and so does every sum in front of one', (name) => {
    const model = buildModel(name, 10)
    const steps = fuse(model)
    const merged = steps.filter(({ relu }) => relu)
    expect(steps.filter(({ node }) => node.layer.op === 'relu')).toEqual([])
    expect(merged).toHaveLength(count(model, 'relu'))
    expect(merged.map(({ node }) => node.layer.op).filter((op) => op !== 'group-norm' && op !== 'batch-norm')).toEqual([])
    const residuals = merged.filter(({ residual }) => residual !== null)
    expect(residuals).toHaveLength(name.startsWith('resnet') ? count(model, 'add') : 0)
    expect(steps).toHaveLength(model.nodes.length - merged.length - residuals.length)
  })

  it('gives a normalization the name and the place of what it takes in', () => {
    const g = new ModelBuilder()
    const norm = g.groupNorm('norm', g.input, 1)
    const other = g.maxPool('other', g.input, 1)
    const relu = g.relu('relu', g.add('sum', other, norm))
    const model = g.build('residual')
    expect(fuse(model)).toEqual([
      { node: model.nodes[0], inputs: [], residual: null, relu: false, output: g.input },
      { node: model.nodes[other], inputs: [g.input], residual: null, relu: false, output: other },
      { node: model.nodes[norm], inputs: [g.input], residual: other, relu: true, output: relu },
    ])
  })

  it('leaves alone a normalization or a sum that something else reads too', () => {
    const g = new ModelBuilder()
    const norm = g.groupNorm('norm', g.input, 1)
    const relu = g.relu('relu', norm)
    const sum = g.add('sum', g.groupNorm('norm2', relu, 1), norm)
    g.add('end', g.relu('relu2', sum), sum)
    const model = g.build('shared')
    expect(fuse(model).map(({ node, relu, residual }) => [node.name, relu, residual])).toEqual(
      model.nodes.map(({ name }) => [name, false, null]),
    )
  })
})
