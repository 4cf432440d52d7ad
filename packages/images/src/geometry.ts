import type { PixelImage } from './pixel-image.ts'
import { resample } from './resample.ts'
import type { ResampleFilter } from './resample-weights.ts'

/** What is done to every picture and mask before a model sees it: resized to exactly this, then cropped around the centre. */
export interface Geometry {
  readonly resize: { readonly width: number; readonly height: number }
  readonly resample: ResampleFilter
  readonly crop: { readonly width: number; readonly height: number } | null
}

/** The picture in the model's frame, RGB. */
export function applyGeometry(image: PixelImage, geometry: Geometry): PixelImage {
  return toRgb(cropCentre(resample(image, { ...geometry.resize, filter: geometry.resample }), geometry.crop))
}

/**
 * The mask through the identical geometry, always bilinear: 0 or 1, `[height, width]`; 1 where at least half of the maximum grey level remains.
 * The largest channel counts, so a red mask is a mask.
 */
export function applyGeometryToMask(mask: PixelImage, geometry: Geometry): Uint8Array {
  const { width, height, channels, data } = cropCentre(resample(mask, { ...geometry.resize, filter: 'bilinear' }), geometry.crop)
  const binary = new Uint8Array(width * height)
  for (let pixel = 0; pixel < binary.length; pixel++) {
    let level = data[pixel * channels]
    for (let channel = 1; channel < channels; channel++) level = Math.max(level, data[pixel * channels + channel])
    binary[pixel] = level >= 128 ? 1 : 0
  }
  return binary
}

/** Grey pictures with their channel three times; colour ones as they are. */
export function toRgb(image: PixelImage): PixelImage {
  if (image.channels === 3) return image
  const data = new Uint8Array(image.width * image.height * 3)
  for (let pixel = 0, to = 0; pixel < image.data.length; pixel++, to += 3) {
    const level = image.data[pixel]
    data[to] = level
    data[to + 1] = level
    data[to + 2] = level
  }
  return { ...image, channels: 3, data }
}

/** @throws RangeError when the crop is larger than the picture */
function cropCentre(image: PixelImage, crop: Geometry['crop']): PixelImage {
  if (crop === null || (crop.width === image.width && crop.height === image.height)) return image
  const { width, height, channels, data } = image
  if (crop.width > width || crop.height > height)
    throw new RangeError(`a crop of ${crop.width}x${crop.height} does not fit into ${width}x${height}`)
  const left = Math.floor((width - crop.width) / 2)
  const top = Math.floor((height - crop.height) / 2)
  const rowLength = crop.width * channels
  const output = new Uint8Array(crop.height * rowLength)
  for (let row = 0; row < crop.height; row++) {
    const from = ((top + row) * width + left) * channels
    output.set(data.subarray(from, from + rowLength), row * rowLength)
  }
  return { ...crop, channels, data: output }
}
