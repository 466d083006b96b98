import { useEffect, useRef } from 'react'

const SIDE = 32

/** A picture of a data set, [32, 32, 3] bytes, as large as its surroundings make it. */
export function Picture({ bytes, label }: { bytes: Uint8Array; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const image = context.createImageData(SIDE, SIDE)
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      image.data.set(bytes.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
      image.data[pixel * 4 + 3] = 255
    }
    context.putImageData(image, 0, 0)
  }, [bytes])
  return <canvas ref={canvas} className="picture" width={SIDE} height={SIDE} role="img" aria-label={label} />
}
