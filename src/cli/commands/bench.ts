import { cpus } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { chooseBackend, type ModelName, modelNames, openBackend } from '../../engine/index.ts'
import { benchCompressors } from '../bench/compressors.ts'
import { benchEngines } from '../bench/engine-suite.ts'
import { type BenchHost, chromiumHost, nodeHost } from '../bench/hosts.ts'
import { benchKernels } from '../bench/kernel-suite.ts'
import { type EngineName, engineNames } from '../bench/page/engines.ts'
import { engineTable, kernelTable } from '../bench/tables.ts'
import { listOf, oneOf } from '../choices.ts'

interface Flags {
  seconds: number
  json?: boolean
}

interface ModelFlags extends Flags {
  models: ModelName[]
  batch: number
  backend?: 'wgsl' | 'simd' | 'wasm'
}

/** `lab bench SUITE`: timings. Compare figures of one run on one machine only. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('Measure speed; compare figures of one run on one machine only')
    .addCommand(compressorSuite())
    .addCommand(engineSuite())
    .addCommand(kernelSuite())
}

function compressorSuite(): Command {
  return suite('compressors', 'every compressor on a vector of ResNet20', 2).action(async ({ seconds, json }: Flags) => {
    const rows = await benchCompressors(await openBackend(await chooseBackend('simd')), seconds)
    if (json) return printJson('compressors', { adapter: null, rows })
    process.stdout.write(`${machine()}\n`)
    for (const { compressor, medianMs, p95Ms, allocatedKiB, entries } of rows)
      process.stdout.write(
        `${compressor.padEnd(14)} median ${medianMs.toFixed(2)} ms, p95 ${p95Ms.toFixed(2)} ms, ${allocatedKiB.toFixed(0)} KiB allocated, ${entries} entries\n`,
      )
  })
}

function engineSuite(): Command {
  const names: EngineName[] = ['wgsl', 'simd', 'tfjs-webgpu', 'jax-js-webgpu', 'tfjs-wasm']
  return modelSuite('engine', 'training steps of wgsl, simd and their peers, in turns in one Chromium', 6, ['cnn', 'resnet20-gn', 'vit'])
    .addOption(
      listOf(new Option('--engines <list>', 'which, with commas'), engineNames).default(names, names.join(',')).conflicts('backend'),
    )
    .addOption(oneOf(new Option('--backend <name>', 'this engine only, in Node, without a browser'), ['wgsl', 'simd', 'wasm']))
    .action(async ({ models, batch, seconds, json, backend, ...flags }: ModelFlags & { engines: EngineName[] }) => {
      const engines: EngineName[] = backend ? [backend === 'wasm' ? 'tfjs-wasm' : backend] : flags.engines
      const { adapter, rows, failures } = await onHost(backend, (host) => benchEngines({ models, engines, batch, seconds }, host, say))
      if (failures.length > 0) process.exitCode = 1
      if (json) return printJson('engine', { adapter, failures, rows })
      process.stdout.write(`${machine()}\nadapter: ${adapter ?? 'none'}\n\n${engineTable(rows)}\n`)
    })
}

function kernelSuite(): Command {
  return modelSuite('kernels', "the kernels of a training step, and their share of the device's peak", 0.1, ['resnet20-gn'])
    .addOption(oneOf(new Option('--engine <name>', 'whose'), ['wgsl', 'simd']).default('wgsl').conflicts('backend'))
    .addOption(oneOf(new Option('--backend <name>', 'this engine, in Node, without a browser'), ['wgsl', 'simd']))
    .action(async ({ models, batch, seconds, json, backend, ...flags }: ModelFlags & { engine: 'wgsl' | 'simd' }) => {
      const engine = backend === 'simd' ? backend : flags.engine
      const result = await onHost(backend, (host) => benchKernels({ engine, models, batch, seconds }, host, say))
      if (json) return printJson('kernels', result)
      const { adapter, peakGflops } = result
      process.stdout.write(
        `${machine()}\nadapter: ${adapter ?? 'none'}, ${peakGflops.toPrecision(3)} GFLOP/s of multiply-adds\n\n${kernelTable(result)}\n`,
      )
    })
}

function suite(name: string, description: string, seconds: number): Command {
  return new Command(name)
    .description(description)
    .option('--seconds <number>', 'time for each row', parseSeconds, seconds)
    .option('--json', 'print one line of JSON, the last of the output')
}

function modelSuite(name: string, description: string, seconds: number, models: ModelName[]): Command {
  return suite(name, description, seconds)
    .addOption(listOf(new Option('--models <list>', 'which, with commas'), modelNames).default(models, models.join(',')))
    .option('--batch <number>', 'pictures in a step', parseBatch, 16)
}

async function onHost<T>(backend: ModelFlags['backend'], work: (host: BenchHost) => Promise<T>): Promise<T> {
  if (!backend) say('building the page')
  const host = backend ? nodeHost() : await chromiumHost()
  say(`in ${host.where}`)
  try {
    return await work(host)
  } finally {
    await host.close()
  }
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`)
}

function printJson(suite: string, result: object): void {
  process.stdout.write(`${JSON.stringify({ schema: 'tabswarm/bench/1', suite, machine: machine(), ...result })}\n`)
}

function machine(): string {
  const [first, ...others] = cpus()
  return `${first?.model.trim() ?? 'unknown processor'}, ${others.length + 1} cores, Node ${process.versions.node}`
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= 600)) throw new InvalidArgumentError('allowed: above 0, at most 600.')
  return seconds
}

function parseBatch(text: string): number {
  const batch = Number(text)
  if (!(Number.isInteger(batch) && batch >= 1 && batch <= 1024)) throw new InvalidArgumentError('allowed: a whole number from 1 to 1024.')
  return batch
}
