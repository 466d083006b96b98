/** What the WebGPU calls of this page or process have come to, whoever makes them. */
export interface GpuMeter {
  submits: number
  /** buffers created */
  buffers: number
  /** in buffers created and not yet destroyed */
  bytes: number
  /** time in which somebody waited for a buffer to be mapped: for the device to catch up */
  waitingMs: number
}

const meter: GpuMeter = { submits: 0, buffers: 0, bytes: 0, waitingMs: 0 }
let counting = false

/** Counts from the first call on that finds WebGPU's classes, whose methods it wraps. In Node they come with the first adapter. */
export function gpuMeter(): Readonly<GpuMeter> {
  if (!counting && typeof GPUQueue !== 'undefined') {
    counting = true
    wrap()
  }
  return { ...meter }
}

function wrap(): void {
  const { submit } = GPUQueue.prototype
  GPUQueue.prototype.submit = function (commands) {
    meter.submits++
    return submit.call(this, commands)
  }

  const live = new WeakSet<GPUBuffer>()
  const { createBuffer } = GPUDevice.prototype
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor)
    live.add(buffer)
    meter.buffers++
    meter.bytes += buffer.size
    return buffer
  }
  const { destroy, mapAsync } = GPUBuffer.prototype
  GPUBuffer.prototype.destroy = function () {
    if (live.delete(this)) meter.bytes -= this.size
    return destroy.call(this)
  }

  let waiting = 0
  let since = 0
  GPUBuffer.prototype.mapAsync = async function (...given) {
    if (waiting++ === 0) since = performance.now()
    try {
      return await mapAsync.apply(this, given)
    } finally {
      if (--waiting === 0) meter.waitingMs += performance.now() - since
    }
  }
}
