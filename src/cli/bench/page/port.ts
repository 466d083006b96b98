import {
  buildModel,
  byteTable,
  chooseBackend,
  type ModelName,
  profileStep,
  type StepProfile,
  type StoredPictures,
  shapes10,
} from '../../../engine/index.ts'
import { median } from '../statistics.ts'
import { deviceOf, type EngineName, openLoop } from './engines.ts'
import { gpuMeter } from './gpu-meter.ts'
import type { TrainingLoop } from './training-loop.ts'

/** An engine after its first step. */
export interface Started {
  /** the WebGPU adapter here; null without one */
  adapter: string | null
  /** of the first step */
  loss: number
  /** from the page's start (in Node: from this call) to the end of the first step */
  bootMs: number
}

/** Training for a while. */
export interface Training {
  steps: number
  /** of all steps together, each with its loss read */
  ms: number
  /** of the middle step, without waiting for the device */
  jsMs: number
  /** to the device's queue */
  submits: number
  /** GPU buffers created */
  buffers: number
  /** in GPU buffers at the end */
  gpuBytes: number
  /** of the first step */
  loss: number
}

/** Measures in one page or process. */
export interface BenchPort {
  /** Gets an engine ready and takes the first step. @throws LabError `backend` */
  open(engine: EngineName, model: ModelName, batch: number): Promise<Started>
  /** Takes steps for so many seconds, at least one. */
  train(seconds: number): Promise<Training>
  /** Times the kernels of one training step of wgsl or simd, each for about so many seconds. @throws LabError `backend` */
  profile(engine: 'wgsl' | 'simd', model: ModelName, batch: number, seconds: number): Promise<StepProfile & { adapter: string | null }>
}

export function createBenchPort(): BenchPort {
  let loop: TrainingLoop | null = null
  let bytesBefore = 0

  return {
    async open(engine, model, batch) {
      const startedAt = typeof location === 'undefined' ? performance.now() : 0
      const { adapter } = await chooseBackend(deviceOf(engine))
      bytesBefore = gpuMeter().bytes
      loop = await openLoop(engine, modelOf(model), ...(await picturesOf(batch)))
      const loss = await loop.step()
      return { adapter, loss, bootMs: performance.now() - startedAt }
    },

    async train(seconds) {
      if (!loop) throw new Error('open an engine first')
      const before = gpuMeter()
      const jsMs: number[] = []
      let loss: number | null = null
      const start = performance.now()
      do {
        const [startedAt, { waitingMs }] = [performance.now(), gpuMeter()]
        const found = await loop.step()
        jsMs.push(performance.now() - startedAt - (gpuMeter().waitingMs - waitingMs))
        loss ??= found
      } while (performance.now() - start < seconds * 1000)
      const ms = performance.now() - start
      const { submits, buffers, bytes } = gpuMeter()
      return {
        steps: jsMs.length,
        ms,
        jsMs: median(jsMs),
        submits: submits - before.submits,
        buffers: buffers - before.buffers,
        gpuBytes: bytes - bytesBefore,
        loss,
      }
    },

    async profile(engine, model, batch, seconds) {
      const choice = await chooseBackend(engine)
      const [images, labels] = await picturesOf(batch)
      return { adapter: choice.adapter, ...(await profileStep(choice, modelOf(model), { images, labels }, seconds)) }
    },
  }
}

const modelOf = (name: ModelName) => buildModel(name, shapes10.manifest.classes)

/** The same pictures in every engine. */
async function picturesOf(batch: number): Promise<[StoredPictures, Uint8Array]> {
  const { manifest } = shapes10
  const images = { bytes: await shapes10.testImages(batch), crops: new Int8Array(batch * 3), table: byteTable(manifest) }
  return [images, (await shapes10.testLabels()).subarray(0, batch)]
}
