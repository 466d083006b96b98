import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelNames } from '../config.ts'
import { ModelBuilder } from '../models/builder.ts'
import { buildModel } from '../models/index.ts'
import type { Layer, Model, Parameter } from '../models/types.ts'
import { compilePlan, type Plan } from './compile.ts'
import { type Operation, type Region, regionsOf } from './operations.ts'

/**
 * Layers as functions of single numbers, each parameter being the number at its offset: enough to see what is added to what. The loss is
 * the logit.
 */
function lossOf({ nodes }: Model, parameters: number[]): number {
  const values: number[] = []
  const apply = (layer: Layer, [x, other]: number[]): number => {
    switch (layer.op) {
      case 'input':
        return 0.7
      case 'conv':
        return x * parameters[layer.weight.offset]
      case 'dense':
        return x * parameters[layer.weight.offset] + (layer.bias ? parameters[layer.bias.offset] : 0)
      case 'group-norm':
      case 'batch-norm':
        return x * parameters[layer.scale.offset] + parameters[layer.bias.offset]
      case 'relu':
        return Math.max(x, 0)
      case 'add':
        return x + other
      case 'mean-pool':
      case 'flatten':
        return x
      default:
        throw new Error(`no number for ${layer.op}`)
    }
  }
  for (const { layer, inputs } of nodes)
    values.push(
      apply(
        layer,
        inputs.map((input) => values[input]),
      ),
    )
  return values[nodes.length - 1]
}

/** The plan over such numbers, one for each slot of its memory: loss and gradient of each parameter at its offset. */
function interpret({ operations, memory, logits }: Plan, parameters: number[]): { loss: number; gradient: number[] } {
  const slots: number[] = []
  const gradient: number[] = parameters.map(() => 0)
  const slot = ({ id }: Region) => memory.slotOf.get(id) as number
  const get = (region: Region | null) => (region ? slots[slot(region)] : 0)
  const set = (region: Region, value: number) => {
    slots[slot(region)] = value
  }
  const at = (parameter: Parameter | null) => (parameter ? parameters[parameter.offset] : 0)
  for (const operation of operations)
    switch (operation.op) {
      case 'pictures':
        set(operation.x, 0.7)
        break
      case 'conv':
        set(operation.y, get(operation.x) * at(operation.weight) + at(operation.bias))
        break
      case 'conv-input-gradient':
        set(operation.dx, get(operation.dy) * at(operation.weight) + get(operation.addend))
        break
      case 'conv-filter-gradient':
        gradient[operation.weight.offset] = get(operation.x) * get(operation.dy)
        break
      case 'row-sum':
        gradient[operation.bias.offset] = get(operation.dy)
        break
      case 'group-norm':
      case 'batch-norm': {
        const { x, y, scale, bias, residual, relu } = operation
        const z = get(x) * at(scale) + at(bias) + get(residual)
        set(y, relu ? Math.max(z, 0) : z)
        break
      }
      case 'group-norm-gradient':
      case 'batch-norm-gradient': {
        const { x, y, scale, bias, relu, dy, dz, dx } = operation
        if (relu) set(dz, get(y) > 0 ? get(dy) : 0)
        gradient[scale.offset] = get(dz) * get(x)
        gradient[bias.offset] = get(dz)
        set(dx, get(dz) * at(scale))
        break
      }
      case 'relu':
        set(operation.y, Math.max(get(operation.x), 0))
        break
      case 'relu-gradient':
        set(operation.dx, get(operation.y) > 0 ? get(operation.dy) : 0)
        break
      case 'add':
        set(operation.y, get(operation.a) + get(operation.b))
        break
      case 'mean-pool':
        set(operation.y, get(operation.x))
        break
      case 'mean-pool-gradient':
        set(operation.dx, get(operation.dy))
        break
      case 'cross-entropy':
        if (operation.dLogits) set(operation.dLogits, 1)
        break
      default:
        throw new Error(`no number for ${operation.op}`)
    }
  return { loss: get(logits), gradient }
}

/** Picks of a layer and of the values that it takes. */
const picks = fc.array(
  fc.record({ op: fc.constantFrom('conv', 'group-norm', 'batch-norm', 'relu', 'add', 'block'), a: fc.nat(3), b: fc.nat(6) }),
  { minLength: 1, maxLength: 20 },
)

/** A random graph over values of one shape, most of its layers over one of the latest values, many values used several times. */
function graphOf(list: { op: string; a: number; b: number }[]): Model {
  const g = new ModelBuilder()
  const wires = [g.conv('stem', g.input, { out: 2, kernel: 1, pad: 0 })]
  list.forEach(({ op, a, b }, i) => {
    const [x, other] = [a, b].map((back) => wires[Math.max(0, wires.length - 1 - back)])
    const name = `${op} ${i}`
    if (op === 'conv') wires.push(g.conv(name, x, { out: 2, kernel: 1, pad: 0 }))
    else if (op === 'group-norm') wires.push(g.groupNorm(name, x, 1))
    else if (op === 'batch-norm') wires.push(g.batchNorm(name, x))
    else if (op === 'relu') wires.push(g.relu(name, x))
    else if (op === 'add') wires.push(g.add(name, x, other))
    else wires.push(g.relu(name, g.add(`${name} sum`, g.groupNorm(`${name} norm`, x, 1), other)))
  })
  const weight = { kind: 'uniform' as const, bound: 1 }
  g.dense('head', g.flatten('flatten', g.meanPool('pool', wires[wires.length - 1])), 2, { weight, bias: weight })
  return g.build('random')
}

describe('a plan', () => {
  it('adds up what a value gets from all of its users: numbers flow as through the graph, gradients as its differences say', () => {
    fc.assert(
      fc.property(picks, fc.infiniteStream(fc.double({ min: 0.5, max: 1.5, noNaN: true })), fc.boolean(), (list, stream, alternate) => {
        const model = graphOf(list)
        const parameters = Array.from(
          { length: model.size },
          (_, i) => (stream.next().value as number) * (alternate && i % 3 === 0 ? -1 : 1),
        )
        const { loss, gradient } = interpret(compilePlan(model, 2, 'gradient'), parameters)
        expect(loss).toBe(lossOf(model, parameters))
        for (const { name, offset } of model.parameters) {
          const moved = (step: number) => lossOf(model, parameters.with(offset, parameters[offset] + step))
          const slope = (moved(1e-6) - moved(-1e-6)) / 2e-6
          expect(Math.abs(gradient[offset] - slope), name).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(slope), Math.abs(loss)))
        }
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  /** Regions that an operation fills. */
  const filled = (operation: Operation): unknown[] => {
    const names = operation.op === 'pictures' ? ['x'] : operation.op.endsWith('gradient') ? ['dx', 'dz'] : ['y', 'statistics', 'logSums']
    return [...names, 'results', 'dLogits'].map((name) => (operation as unknown as Record<string, unknown>)[name])
  }
  it.each(modelNames)('of %s is there for every purpose, fills each region before it reads it, and computes each gradient once', (name) => {
    const model = buildModel(name, 100)
    for (const purpose of ['gradient', 'evaluation', 'logits'] as const) {
      const { operations, logits, results } = compilePlan(model, 5, purpose)
      const known = new Set<Region>()
      for (const operation of operations)
        for (const region of regionsOf(operation)) {
          expect(known.has(region) || filled(operation).includes(region), `${region.name} in ${operation.op}`).toBe(true)
          known.add(region)
        }
      expect(known.has(logits)).toBe(true)
      expect(logits.size).toBe(5 * 100)
      expect(results?.size).toBe(purpose === 'logits' ? undefined : 3 * 5)
      const trained = operations.filter(({ op }) => op.endsWith('gradient') || op === 'row-sum').flatMap(parametersOf)
      const names = trained.map(({ name }) => name).sort()
      expect(names).toEqual(purpose === 'gradient' ? model.parameters.map(({ name }) => name).sort() : [])
    }
  })

  it.each([
    // forward: pictures, 3 (conv, norm, pool), dense, cross-entropy; backward: 3 filters, 2 inputs, 3 norms, 3 pools, 3 for dense
    ['cnn', 26, 12, 11],
    // forward: pictures, 21 (conv, norm), pool, dense, cross-entropy; backward: 21 filters, 20 inputs, 21 norms, pool, 3 for dense
    ['resnet20-gn', 112, 46, 45],
    ['resnet20-bn', 112, 46, 45],
  ] as const)('of %s has %i operations to train, %i to evaluate, %i for logits', (name, ...counts) => {
    const model = buildModel(name, 10)
    expect((['gradient', 'evaluation', 'logits'] as const).map((purpose) => compilePlan(model, 4, purpose).operations.length)).toEqual(
      counts,
    )
  })

  it('takes the batch for normalization in training mode, and moves the running statistics only with a gradient', () => {
    const model = buildModel('resnet20-bn', 10)
    const norms = (...given: Parameters<typeof compilePlan>) =>
      new Set(compilePlan(...given).operations.flatMap((o) => (o.op === 'batch-norm' ? [`${o.from} ${o.update}`] : [])))
    expect(norms(model, 2, 'gradient')).toEqual(new Set(['batch true']))
    expect(norms(model, 2, 'logits', 'training')).toEqual(new Set(['batch false']))
    expect(norms(model, 2, 'evaluation')).toEqual(new Set(['running false']))
  })
})

/** Parameters whose gradient a backward operation writes. */
function parametersOf(operation: Operation): Parameter[] {
  switch (operation.op) {
    case 'conv-filter-gradient':
      return [operation.weight]
    case 'row-sum':
      return [operation.bias]
    case 'group-norm-gradient':
    case 'batch-norm-gradient':
    case 'layer-norm-gradient':
      return [operation.scale, operation.bias]
    case 'tokens-gradient':
      return [operation.classToken, operation.position]
    case 'attention-gradient':
      return operation.temperature ? [operation.temperature] : []
    default:
      return []
  }
}
