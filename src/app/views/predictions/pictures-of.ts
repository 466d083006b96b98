interface OnePicture {
  key: string
  bytes: Uint8Array
  label: number
}

/** Pictures one by one; a key is the picture's place. */
export function picturesOf({ images, labels }: { images: Uint8Array; labels: Uint8Array }): OnePicture[] {
  const size = images.length / labels.length
  return Array.from(labels, (label, i) => ({ key: `picture ${i}`, bytes: images.subarray(i * size, (i + 1) * size), label }))
}
