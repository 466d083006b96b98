/** Pixels for each unit of the drawing: sharp on paper and dense screens. */
const SCALE = 2

/** Draws an SVG that names no other file. Rejects where the browser cannot. */
export async function pngOf(svg: string, { width, height }: { width: number; height: number }): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = SCALE * width
    canvas.height = SCALE * height
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (!png) throw new Error('This browser could not draw the picture. Export it as SVG.')
    return png
  } finally {
    URL.revokeObjectURL(url)
  }
}
