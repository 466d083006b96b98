import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, parseRunConfig } from './config.ts'

const issuesOf = (input: unknown) => {
  try {
    parseRunConfig(input)
  } catch (error) {
    if (error instanceof ConfigError) return error.issues
    throw error
  }
  return []
}

describe('parseRunConfig', () => {
  it('fills in defaults, also those of the chosen algorithm', () => {
    const config = parseRunConfig({ algorithm: { id: 'dmsgd' } })
    expect(config).toMatchObject({ dataset: 'shapes10', model: 'cnn', algorithm: { id: 'dmsgd', beta: 0.9, nesterov: false } })
    expect(parseRunConfig(config)).toEqual(config)
  })

  it.each([
    [{ alpha: 0 }, 'alpha', /got 0; .*>0/],
    [{ model: 'vgg' }, 'model', /got "vgg"; allowed: cnn, resnet20-gn.*vit-sl$/],
    [{ model: 'resnet' }, 'model', /\. Did you mean resnet20-gn or resnet20-bn or resnet56-gn\?$/],
    [{ steps: 1.5 }, 'steps', /got 1.5/],
    [{ algorithm: { id: 'adam' } }, 'algorithm.id', /got "adam"; allowed: d-sum, /],
    [{ algorithm: { id: 'gmcplus' } }, 'algorithm.id', /, centralized\. Did you mean gmc-plus\?$/],
    [{ compressor: { id: 'topk' } }, 'compressor.id', /got "topk"; allowed: top-k, .*identity\. Did you mean top-k\?$/],
    [{ algorithm: { id: 'd-sum', beta: 1 } }, 'algorithm.beta', /got 1; .*<1/],
    [{ algorithm: { id: 'd-psgd', beta: 0.9 } }, 'algorithm.beta', /unknown field/],
    [{ colour: 'red' }, 'colour', /^unknown field$/],
    [{ topolgy: 'ring' }, 'topolgy', /^unknown field\. Did you mean topology\?$/],
    [null, 'configuration', /got null/],
  ])('names field, value and what is allowed: %j', (input, field, message) => {
    expect(issuesOf(input)).toEqual([{ field, message: expect.stringMatching(message) }])
  })

  it('names every field that is wrong', () => {
    expect(issuesOf({ alpha: -1, workers: 0, seed: 'x' }).map((issue) => issue.field)).toEqual(['alpha', 'workers', 'seed'])
  })

  it('throws nothing but ConfigError, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('alpha', 'steps', 'algorithm', 'model', 'x'), fc.anything())),
        (input) => {
          expect(() => issuesOf(input)).not.toThrow()
        },
      ),
    )
  })
})
