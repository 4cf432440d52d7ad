import { cropTooLarge } from './errors.ts'
import type { PixelImage } from './pixel-image.ts'
import { resampleWindow, type Window } from './resample.ts'
import type { ResampleFilter } from './resample-weights.ts'

/** What is done to every picture and mask before a model sees it: resized to exactly this, then cropped around the centre. */
export interface Geometry {
  readonly resize: { readonly width: number; readonly height: number }
  readonly resample: ResampleFilter
  readonly crop: { readonly width: number; readonly height: number } | null
}

/** Size of what comes out of a geometry. */
export function frameSize({ resize, crop }: Geometry): { readonly width: number; readonly height: number } {
  return crop ?? resize
}

/** The picture in the model's frame, RGB. @throws ImIadError IM_IAD_E_GEOMETRY when the crop is larger than the resized picture */
export function applyGeometry(image: PixelImage, geometry: Geometry): PixelImage {
  return toRgb(inFrame(image, geometry, geometry.resample))
}

/**
 * The mask through the identical geometry, always bilinear: 0 or 1, `[height, width]`; 1 where at least half of the maximum grey level remains.
 * The largest channel counts, so a red mask is a mask.
 * @throws ImIadError IM_IAD_E_GEOMETRY when the crop is larger than the resized picture
 */
export function applyGeometryToMask(mask: PixelImage, geometry: Geometry): Uint8Array {
  const { width, height, channels, data } = inFrame(mask, geometry, 'bilinear')
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

function inFrame(image: PixelImage, geometry: Geometry, filter: ResampleFilter): PixelImage {
  return resampleWindow(image, { ...geometry.resize, filter }, windowOf(geometry))
}

/** The part of the resized picture that is kept, in its pixels. @throws ImIadError IM_IAD_E_GEOMETRY when the crop is larger than the resized picture */
export function windowOf(geometry: Geometry): Window {
  const { resize, crop } = geometry
  const { width, height } = frameSize(geometry)
  if (crop !== null && (width > resize.width || height > resize.height)) throw cropTooLarge(resize, crop)
  return { left: halfOf(resize.width - width), top: halfOf(resize.height - height), width, height }
}

/** Rounded to even, as torchvision's `CenterCrop` does. */
function halfOf(margin: number): number {
  const half = Math.floor(margin / 2)
  return margin % 2 === 1 && half % 2 === 1 ? half + 1 : half
}
