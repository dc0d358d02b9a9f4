/** Pictures: made small enough for a basement's network, and known by their hash. */

/** Longest edge, pixels. */
export const LONGEST = 1600
const QUALITY = 0.82

/** Size that fits into `longest`, never larger than the original. */
export function fit(width: number, height: number, longest = LONGEST): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height))
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
}

/** The picture upright as the camera meant it, as a JPEG of at most 1600 pixels. */
export async function shrink(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    const [width, height] = fit(image.width, image.height)
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const paper = canvas.getContext('2d')
    if (!paper) throw new Error('no canvas')
    paper.drawImage(image, 0, 0, width, height)
    return await toBlob(canvas, 'image/jpeg')
  } finally {
    image.close()
  }
}

export function toBlob(canvas: HTMLCanvasElement, type: 'image/jpeg' | 'image/png') {
  return new Promise<Blob>((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error('no picture')))
    canvas.toBlob(done, type, QUALITY)
  })
}

/** SHA-256 in lower-case hex, as the server names it. */
export async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0')).join('')
}
