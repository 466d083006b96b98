import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseBackend, type MetricEvent, openBackend, parseRunConfig } from '../engine/index.ts'
import { simulate } from './simulation.ts'

const { requestDevice } = GPUAdapter.prototype
const devices: GPUDevice[] = []
beforeAll(() => {
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await requestDevice.apply(this, given)
    devices.push(device)
    return device
  }
})
afterAll(() => {
  GPUAdapter.prototype.requestDevice = requestDevice
})

const config = parseRunConfig({
  ...{ backend: 'wgsl', model: 'cnn', topology: 'ring', algorithm: { id: 'gt-dsum' } },
  ...{ workers: 2, trainImages: 20, testImages: 10, batchSize: 4, steps: 8, evaluateEvery: 0, learningRate: 0.01 },
})

/** Two workers share a device, to which something happens after these steps of the first. */
async function runWith(accident: (device: GPUDevice) => void, afterSteps: number[]): Promise<MetricEvent[]> {
  const { events } = await simulate({
    run: 'device-loss',
    config,
    openDataset: () => Promise.reject(new Error('not asked for')),
    backend: await openBackend(await chooseBackend('wgsl')),
    onEvent(event) {
      if (event.type === 'step' && event.rank === 0 && afterSteps.includes(event.step)) accident(devices[devices.length - 1])
    },
  })
  return events
}

describe('training on a WebGPU device', () => {
  it.each([
    ['is lost', (device: GPUDevice) => device.destroy(), /the graphics device was lost/],
    ['refuses a command', (device: GPUDevice) => device.createBuffer({ size: 4, usage: 0 }), /the graphics device reports/],
  ])('goes on with another when it %s', async (_, accident, message) => {
    const before = devices.length
    const events = await runWith(accident, [4])
    expect(devices.length - before).toBe(2)
    const views = events.filter((event) => event.type === 'view')
    expect(views.map(({ rank, view, members }) => [rank, view, members])).toEqual([
      [0, 2, 2],
      [1, 2, 2],
    ])
    expect(views[0].message).toMatch(message)
    const finished = events.filter((event) => event.type === 'finished')
    expect(finished.map(({ steps }) => steps)).toEqual([8, 8])
    expect(finished[0].parametersSha256).toBe(finished[1].parametersSha256)
  })

  it('stops when another is lost within a minute, and says so', async () => {
    await expect(runWith((device) => device.destroy(), [3, 6])).rejects.toThrow(
      /the graphics device was lost .*It is the second time within a minute/,
    )
  })
})
