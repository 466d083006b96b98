import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../engine/index.ts'
import { addConfigFlags, configOfFlags } from './config-flags.ts'

function parse(...args: string[]): RunConfig {
  const command = addConfigFlags(new Command('run').exitOverride().configureOutput({ writeErr: () => {} }))
  command.parse(args, { from: 'user' })
  return configOfFlags(command.opts())
}

describe('flags', () => {
  it('are the fields of the schema in kebab case, defaults included', () => {
    expect(parse()).toMatchObject({ dataset: 'shapes10', algorithm: { id: 'd-sum', localSteps: 1 } })
    const args =
      '--workers 8 --dataset cifar10 --alpha 0.1 --algorithm d-sum --local-steps 4 --mix-momentum --augment false --s 0.5 --seed 7'
    expect(parse(...args.split(' '))).toMatchObject({
      workers: 8,
      dataset: 'cifar10',
      alpha: 0.1,
      algorithm: { id: 'd-sum', localSteps: 4, mixMomentum: true, s: 0.5 },
      augment: false,
      seed: 7,
    })
  })

  it('share one flag between algorithms that share a hyperparameter', () => {
    expect(parse('--algorithm', 'dmsgd', '--beta', '0.5').algorithm).toEqual({ id: 'dmsgd', beta: 0.5, nesterov: false })
  })

  it.each([
    ['--workers 0', /workers: got 0/],
    ['--alpha few', /alpha: got "few"/],
    ['--model vgg', /model: got "vgg"; .*cnn/],
    ['--augment maybe', /augment: got "maybe"/],
    ['--algorithm adam', /algorithm.id: got "adam"; allowed: d-sum/],
    ['--algorithm d-psgd --beta 0.9', /beta: got 0.9, but --algorithm d-psgd has no such hyperparameter/],
  ])('%s is refused, naming field, value and what is allowed', (args, message) => {
    expect(() => parse(...args.split(' '))).toThrow(message)
  })

  it('refuse what they do not know', () => {
    expect(() => parse('--learning-rat', '0.1')).toThrow(/unknown option/)
  })
})
