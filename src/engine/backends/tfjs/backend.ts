import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { LabError } from '../../errors.ts'
import type { Backend, BackendChoice } from '../types.ts'
import { tfjsRunner } from './runner.ts'
import { tfjsVectors } from './vector.ts'
import { registerConvGradients } from './wasm-conv-gradients.ts'

/** Starts tfjs on the chosen device. @throws LabError `backend` when the device is not there */
export async function openTfjs(choice: BackendChoice): Promise<Backend> {
  if (choice.name === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu')
  if (choice.name === 'wasm') {
    if (typeof location !== 'undefined') setWasmPaths((await import('./wasm-urls.ts')).wasmUrls)
    registerConvGradients()
  }
  let started = false
  let cause: unknown
  try {
    if (choice.name === 'webgpu' || choice.name === 'webgl') keepOnDevice(choice.name)
    started = await tf.setBackend(choice.name)
    await tf.ready()
  } catch (error) {
    cause = error
  }
  if (!started || tf.getBackend() !== choice.name)
    throw new LabError(
      'backend',
      `backend: got ${choice.name}, which does not start here${cause instanceof Error ? ` (${cause.message})` : ''}; wasm and cpu run everywhere`,
      { cause },
    )
  return {
    choice,
    vectors: tfjsVectors,
    runner: tfjsRunner,
    usable: () => true,
    allocations: () => tf.memory().numTensors,
  }
}

/** tfjs would compute what is small on the CPU behind our back, and a check of WebGPU with small vectors would check nothing. */
function keepOnDevice(name: 'webgpu' | 'webgl'): void {
  tf.env().set(`${name.toUpperCase()}_CPU_FORWARD`, false)
}
