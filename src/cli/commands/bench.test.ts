import { expect, it } from 'vitest'
import { styled } from '../help-style.ts'
import { benchCommand } from './bench.ts'

it.each([
  [['engine', '--models', 'cnn,alexnet'], 'got "alexnet"; allowed, with commas: cnn, resnet20-gn'],
  [['engine', '--engines', 'torch'], 'got "torch"; allowed, with commas: wgsl, simd, tfjs-webgpu'],
  [['engine', '--engines', 'wgsl', '--backend', 'wgsl'], "'--engines <list>' cannot be used with option '--backend <name>'"],
  [['engine', '--backend', 'webgpu'], 'allowed: wgsl, simd, wasm'],
  [['engine', '--models', 'cnn,vitsl'], 'vit, vit-sl. Did you mean vit-sl?'],
  [['kernels', '--engine', 'wgls'], 'allowed: wgsl, simd. Did you mean wgsl?'],
  [['engine', '--seconds', '0'], 'allowed: above 0, at most 600.'],
  [['kernels', '--batch', '1.5'], 'allowed: a whole number from 1 to 1024.'],
  [['speed'], 'commands: compressors, engine, kernels'],
])('lab bench %j names what is allowed', async (given, allowed) => {
  const bench = styled(benchCommand())
  let told = ''
  for (const command of [bench, ...bench.commands])
    command.exitOverride().configureOutput({
      writeErr: (text) => {
        told += text
      },
    })
  await expect(bench.parseAsync(given, { from: 'user' })).rejects.toThrow()
  expect(told).toContain(allowed)
})
