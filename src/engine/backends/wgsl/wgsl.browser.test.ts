import { randomStream } from '../../random.ts'
import { contract } from '../contract/index.fixture.ts'
import type { Contents, Target } from '../contract/target.fixture.ts'
import { Commands } from './commands.ts'
import { compileForDevice } from './compiled.ts'
import { openDevice } from './device.ts'
import { Pipelines } from './pipelines.ts'
import { softwareTiles, type Tiles } from './tiles.ts'

const parts = openDevice().then((device) => ({ commands: new Commands(device), pipelines: new Pipelines(device) }))

/** 0: the ordinary ones; else some that belong to this number. */
function tilesOf(variant: number): Tiles {
  if (variant === 0) return softwareTiles
  const random = randomStream(variant, 'tiles')
  const one = <T extends number>(...of: T[]) => of[random.integer(of.length)]
  const conv = () => ({ pixels: one(1, 2, 4, 8, 16), channels: one(4, 8, 16), loaded: one(1, 4) })
  return {
    conv: conv(),
    inputGradient: conv(),
    filterGradient: { pixels: one(1, 2, 4), channels: one(4, 8), outChannels: one(4, 8), threads: one(1, 64, 65_536) },
    chunk: one(1, 3, 7, 16, 64),
  }
}

const wgsl: Target = {
  name: 'wgsl',
  async run(plan, { regions, parameters, gradient, state, labels }, variant) {
    const { commands, pipelines } = await parts
    const compiled = await compileForDevice(plan, commands, pipelines, tilesOf(variant))
    for (let time = 0; time < 2; time++) {
      for (const [region, values] of regions) commands.write(values, compiled.bufferOf(region))
      commands.write(parameters, compiled.parameters)
      commands.write(gradient, compiled.gradient)
      commands.write(state, compiled.state)
      commands.write(Uint32Array.from(labels), compiled.labels)
      for (const { pipeline, group, grid } of compiled.dispatches) commands.dispatch(pipeline, group, grid)
    }
    const read = async (buffer: GPUBuffer, count: number) => new Float32Array(await commands.read(buffer, count * 4))
    const found: Contents = {
      regions: new Map(),
      parameters,
      labels,
      gradient: await read(compiled.gradient, gradient.length),
      state: await read(compiled.state, state.length),
    }
    for (const [region, values] of regions) found.regions.set(region, await read(compiled.bufferOf(region), values.length))
    compiled.destroy()
    return found
  },
}

contract(wgsl)
