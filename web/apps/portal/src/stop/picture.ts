/** Longest edge of a photographed paper, pixels: letters stay readable. */
const LONGEST = 1600

/** Size that fits, never larger than the original. */
export function fit(width: number, height: number, longest = LONGEST): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height))
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
}

/** A photograph upright and small enough to send, as a data URL. */
export async function small(file: Blob): Promise<string> {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    const canvas = document.createElement('canvas')
    ;[canvas.width, canvas.height] = fit(image.width, image.height)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL('image/jpeg', 0.8)
  } finally {
    image.close()
  }
}
