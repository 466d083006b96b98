import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { algorithms } from './algorithms/index.ts'
import { backendNames, modelNames, topologyNames } from './config.ts'
import { allowedNames, didYouMean } from './near-names.ts'

const algorithmIds = algorithms.map(({ id }) => id)

describe('didYouMean', () => {
  it.each([
    ['rng', topologyNames, 'ring'],
    ['exp', topologyNames, 'exponential'],
    ['wgls', backendNames, 'wgsl'],
    ['webgup', backendNames, 'webgpu'],
    ['CNN', modelNames, 'cnn'],
    ['resnet_20', modelNames, 'resnet20-gn or resnet20-bn'],
    ['dsum', algorithmIds, 'd-sum'],
    ['scafold', algorithmIds, 'scaffold'],
    ['momentum', algorithmIds, 'momentum-tracking'],
    ['dsgdm', algorithmIds, 'qg-dsgdm'],
  ])('%s: %s', (given, names, meant) => {
    expect(didYouMean(given, names)).toBe(`. Did you mean ${meant}?`)
  })

  it.each([
    ['vgg', modelNames],
    ['adam', algorithmIds],
    ['', topologyNames],
    ['-', topologyNames],
    [5, topologyNames],
    [undefined, topologyNames],
  ])('says nothing where nothing is near: %j', (given, names) => {
    expect(didYouMean(given, names)).toBe('')
  })

  it('finds a name with one error in it, among names that have little in common', () => {
    fc.assert(
      fc.property(fc.constantFrom(...topologyNames), fc.nat(), (name, at) => {
        const i = at % name.length
        expect(didYouMean(`${name.slice(0, i)}${name[i]}${name.slice(i)}`, topologyNames)).toContain(name)
        expect(didYouMean(name.slice(0, i) + name.slice(i + 1), topologyNames)).toContain(name)
      }),
    )
  })
})

it('what is allowed comes before what was meant', () => {
  expect(allowedNames('start', ['ring', 'star'])).toBe('allowed: ring, star. Did you mean star?')
  expect(allowedNames('x', ['ring', 'star'])).toBe('allowed: ring, star')
})
