import type { Model, Parameter } from '../../models/types.ts'
import type { ConvShape, Operation, Region } from '../../plan/index.ts'
import { layOut } from '../../plan/index.ts'
import type { Commands } from './commands.ts'
import { compileForDevice } from './compiled.ts'
import type { Pipelines } from './pipelines.ts'
import { type ConvTile, type FilterTile, softwareTiles, type Tiles } from './tiles.ts'

/** dispatches timed together, and how often */
const REPEATS = 8
const ROUNDS = 3

const convTiles: ConvTile[] = [
  { pixels: 16, channels: 8, loaded: 4 },
  { pixels: 8, channels: 8, loaded: 4 },
  { pixels: 4, channels: 8, loaded: 4 },
  { pixels: 4, channels: 4, loaded: 4 },
  { pixels: 2, channels: 4, loaded: 4 },
]
const filterTiles: FilterTile[] = [
  { pixels: 4, channels: 4, outChannels: 8, threads: 2_048 },
  { pixels: 4, channels: 4, outChannels: 8, threads: 16_384 },
  { pixels: 4, channels: 4, outChannels: 4, threads: 16_384 },
  { pixels: 2, channels: 4, outChannels: 4, threads: 65_536 },
]

/** A layer of the middle of ResNet20, at batch 16. */
const shape: ConvShape = {
  ...{ batch: 16, height: 16, width: 16, channels: 32, outHeight: 16, outWidth: 16, outChannels: 32 },
  ...{ kernel: 3, stride: 1, pad: 1 },
}
const weight: Parameter = { name: 'weight', shape: [3, 3, 32, 32], offset: 0, size: 9 * 32 * 32, init: { kind: 'constant', value: 0 } }
const activation = (id: number): Region => ({ type: 'region', id, name: `tuning ${id}`, size: 16 * 16 * 16 * 32 })

/** Times the convolution kernels with several tile sizes on a layer, and takes the fastest of each. */
export async function tuneTiles(commands: Commands, pipelines: Pipelines): Promise<Tiles> {
  const [a, b] = [activation(0), activation(1)]
  const time = (operation: Operation, tiles: Tiles) => timeOf(operation, tiles, commands, pipelines)
  const best = async <T>(candidates: T[], run: (candidate: T) => Promise<number>): Promise<T> => {
    const times: number[] = []
    for (const candidate of candidates) times.push(await run(candidate))
    return candidates[times.indexOf(Math.min(...times))]
  }
  return {
    ...softwareTiles,
    conv: await best(convTiles, (conv) => time({ op: 'conv', shape, x: a, weight, bias: null, y: b }, { ...softwareTiles, conv })),
    inputGradient: await best(convTiles, (inputGradient) =>
      time({ op: 'conv-input-gradient', shape, dy: a, weight, addend: null, dx: b }, { ...softwareTiles, inputGradient }),
    ),
    filterGradient: await best(filterTiles, (filterGradient) =>
      time({ op: 'conv-filter-gradient', shape, x: a, dy: b, weight }, { ...softwareTiles, filterGradient }),
    ),
  }
}

/** The shortest of a few rounds, in milliseconds. */
async function timeOf(operation: Operation, tiles: Tiles, commands: Commands, pipelines: Pipelines): Promise<number> {
  const regions = [activation(0), activation(1)]
  const operations = [operation]
  const model: Model = { name: 'tuning', classes: 1, size: weight.size, parameters: [weight], stateSize: 0, state: [], nodes: [] }
  const plan = {
    model,
    batch: 16,
    operations,
    memory: layOut(operations, regions),
    pictures: regions[0],
    logits: regions[1],
    results: null,
  }
  const compiled = await compileForDevice(plan, commands, pipelines, tiles)
  let shortest = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    for (let i = 0; i < REPEATS; i++) for (const { pipeline, group, grid } of compiled.dispatches) commands.dispatch(pipeline, group, grid)
    commands.submit()
    await commands.device.queue.onSubmittedWorkDone()
    shortest = Math.min(shortest, performance.now() - start)
  }
  compiled.destroy()
  return shortest
}
