import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../engine/index.ts'
import { addConfigFlags, configOfFlags } from './config-flags.ts'
import { styled } from './help-style.ts'

async function parse(...args: string[]): Promise<RunConfig> {
  const command = addConfigFlags(new Command('run').exitOverride().configureOutput({ writeErr: () => {} }))
  command.parse(args, { from: 'user' })
  return configOfFlags(command.opts())
}

describe('flags', () => {
  it('are the fields of the schema in kebab case, defaults included', async () => {
    expect(await parse()).toMatchObject({ dataset: 'shapes10', algorithm: { id: 'd-sum', localSteps: 1 } })
    const args =
      '--workers 8 --dataset cifar10 --alpha 0.1 --algorithm d-sum --local-steps 4 --mix-momentum --augment false --s 0.5 --seed 7'
    expect(await parse(...args.split(' '))).toMatchObject({
      workers: 8,
      dataset: 'cifar10',
      alpha: 0.1,
      algorithm: { id: 'd-sum', localSteps: 4, mixMomentum: true, s: 0.5 },
      augment: false,
      seed: 7,
    })
  })

  it('share one flag between algorithms that share a hyperparameter', async () => {
    expect((await parse('--algorithm', 'dmsgd', '--beta', '0.5')).algorithm).toEqual({ id: 'dmsgd', beta: 0.5, nesterov: false })
  })

  it.each([
    ['--workers 0', /^--workers: got 0; allowed: whole numbers, 1 to 64$/],
    ['--alpha few', /^--alpha: got "few"; allowed: numbers, above 0/],
    ['--model vgg', /model: got "vgg"; .*cnn/],
    ['--augment maybe', /^--augment: got "maybe"; allowed: true, false$/],
    ['--algorithm adam', /^--algorithm: got "adam"; allowed: d-sum/],
    ['--algorithm gmcplus --lambda 1', /, centralized\. Did you mean gmc-plus\?$/],
    ['--algorithm gmc --compressor topk --compressor-ratio 1', /^--compressor: got "topk"; .*Did you mean top-k\?$/],
    ['--algorithm d-psgd --beta 0.9', /^--beta: got 0.9, but --algorithm d-psgd has no such hyperparameter; it has none$/],
    ['--algorithm cser --slow-lr 1', /has no such hyperparameter; it has --beta, --reset-interval$/],
    ['--compressor topk', /^--compressor: got topk, but --algorithm d-sum sends without compression$/],
    ['--algorithm gmc --reset-compressor byte', /^--reset-compressor: got byte, but --algorithm gmc has no error reset$/],
    ['--algorithm gmc --topology chian', /^--topology: got "chian"; .*Did you mean chain\?$/],
    ['--algorithm gmc --compressor sign --compressor-ratio 1', /^--compressor-ratio: got 1, but --compressor sign has no such/],
  ])('%s is refused, naming field, value and what is allowed', async (args, message) => {
    await expect(parse(...args.split(' '))).rejects.toThrow(message)
  })

  it('say in their help what may be chosen, what is taken otherwise, and which algorithms take a hyperparameter', () => {
    const help = styled(addConfigFlags(new Command('run')))
      .configureOutput({ getOutHelpWidth: () => 500 })
      .helpInformation()
    expect(help).toContain('Who gossips with whom: ring, complete, torus, exponential, chain, star (default ring)')
    expect(help).toContain('Random crop with padding 4 and horizontal flip: true, false (default true)')
    expect(help).toMatch(/--lambda <number> .*; 0 to 10; in gmc-plus, def-a \(default 0.5; in def-a 0.3\)/)
    expect(help).toMatch(/--beta <number> .*; in most algorithms .*\(default 0.9\)/)
  })

  it('may name an exchange that the algorithm has no use for, as in a table of many algorithms', async () => {
    const config = await parse('--algorithm', 'gmc', '--topology', 'chain', '--float16')
    expect(config.algorithm.id).toBe('gmc')
  })

  it('refuse what they do not know', async () => {
    await expect(parse('--learning-rat', '0.1')).rejects.toThrow(/unknown option/)
  })
})

describe('--config', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tabswarm-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const fileOf = async (text: string) => {
    const file = path.join(folder, 'config.json')
    await writeFile(file, text)
    return file
  }

  it('gives a run back as it was, and flags change it', async () => {
    const config = await parse('--algorithm', 'd-sum', '--s', '0.5', '--alpha', '0.1', '--augment', 'false', '--topology', 'chain')
    const file = await fileOf(JSON.stringify(config))
    expect(await parse('--config', file)).toEqual(config)
    expect(await parse('--config', file, '--alpha', '2')).toEqual({ ...config, alpha: 2 })
    expect((await parse('--config', file, '--algorithm', 'gmc')).algorithm).toEqual({ id: 'gmc', beta: 0.9 })
  })

  it('names the file that holds no configuration, and what is wrong in it', async () => {
    await expect(parse('--config', await fileOf('{"alpha": -1}'))).rejects.toThrow(/config\.json: alpha: got -1; /)
    await expect(parse('--config', await fileOf('alpha'))).rejects.toThrow(/^--config: got ".*config\.json", which is no JSON/)
    await expect(parse('--config', path.join(folder, 'none'))).rejects.toThrow(/^--config: got ".*none", which cannot be read/)
  })

  it('refuses flags that its algorithm has no use for', async () => {
    const file = await fileOf('{"algorithm": {"id": "gmc"}}')
    await expect(parse('--config', file, '--s', '1')).rejects.toThrow(/^--s: got 1, but --algorithm gmc has no such/)
  })
})
