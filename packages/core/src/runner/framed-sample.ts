import type { PixelImage } from '@im-iad/images'
import type { InputGeometry } from '../contracts/algorithm.ts'
import type { EvaluatedRegion } from '../contracts/metric.ts'
import type { Sample } from '../contracts/sample.ts'
import { sourceName } from '../dataset/sample-facts.ts'
import { mismatchedMask } from '../errors/dataset-errors.ts'
import type { EvaluationFrame } from '../store/record.ts'
import { readSource } from './image-reader.ts'

/** A sample to bring into a frame, with the fingerprints it was planned with. */
export interface ReadableSample {
  readonly sample: Sample
  readonly sha256: string
  readonly maskFingerprints: readonly string[]
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** The size of what an algorithm sees under a geometry. */
export function inputSize(geometry: InputGeometry): Size {
  return geometry.crop ?? geometry.resize
}

/** The picture as an algorithm sees it: uint8 RGB `[height, width, 3]`, and its own size. */
export async function readFramed(
  readable: ReadableSample,
  geometry: InputGeometry,
): Promise<{ readonly pixels: Uint8Array; readonly original: Size }> {
  const { applyGeometry } = await import('@im-iad/images')
  const picture = await readPicture(readable)
  return { pixels: applyGeometry(picture, geometry).data, original: { width: picture.width, height: picture.height } }
}

/** The picture in its own size, RGB. */
export async function readPicture({ sample, sha256 }: ReadableSample): Promise<PixelImage> {
  const { toRgb } = await import('@im-iad/images')
  return toRgb(await readSource(sample.id, sample.image, sha256))
}

/**
 * The defects' regions of a sample in the evaluation frame, through the same geometry as the picture.
 * @throws ImIadError IM_IAD_E_MASK when a mask has another size than its picture
 */
export async function readRegions(
  readable: ReadableSample,
  original: Size,
  geometry: InputGeometry,
  frame: EvaluationFrame,
): Promise<readonly EvaluatedRegion[]> {
  const { sample } = readable
  return Promise.all(
    sample.masks.map(async (source, index) => {
      const mask = await readSource(sample.id, source.image, readable.maskFingerprints[index] ?? null)
      if (mask.width !== original.width || mask.height !== original.height)
        throw mismatchedMask(sample.id, sourceName(source.image), sizeText(mask), sizeText(original))
      return frameRegion(mask, source.saturationArea ?? null, geometry, frame)
    }),
  )
}

async function frameRegion(
  mask: PixelImage,
  saturationArea: number | null,
  geometry: InputGeometry,
  frame: EvaluationFrame,
): Promise<EvaluatedRegion> {
  const { applyGeometryToMask } = await import('@im-iad/images')
  const own: Size = { width: mask.width, height: mask.height }
  if (frame === 'native') return { mask: applyGeometryToMask(mask, { resize: own, resample: 'bilinear', crop: null }), saturationArea }
  const scale = (geometry.resize.width * geometry.resize.height) / (own.width * own.height)
  return { mask: applyGeometryToMask(mask, geometry), saturationArea: saturationArea === null ? null : saturationArea * scale }
}

/** The union of regions: 0 or 1, `[height, width]`; all 0 without any. */
export function unionOf(regions: readonly EvaluatedRegion[], size: Size): Uint8Array {
  const [only, second] = regions
  if (only !== undefined && second === undefined) return only.mask
  const union = new Uint8Array(size.width * size.height)
  for (const { mask } of regions) for (let pixel = 0; pixel < union.length; pixel++) if (mask[pixel] === 1) union[pixel] = 1
  return union
}

function sizeText({ width, height }: Size): string {
  return `${width}x${height}`
}
