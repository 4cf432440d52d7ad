import { readFile } from 'node:fs/promises'
import { frameMap } from '@im-iad/core/machinery'
import { applyGeometry, decodeImage, unreadableImage, type FloatMap, type PixelImage } from '@im-iad/images'
import pLimit from 'p-limit'
import type { FramePredictor } from './frame-predictor.ts'
import type { ModelDescription } from './model/description.ts'

export type Decision = 'good' | 'anomalous'

/** What a model says of one picture. */
export interface Score {
  /** Higher is more anomalous; the same number that the benchmark's runner gets. */
  readonly score: number
  /** `anomalous` when the score is above the model's threshold. */
  readonly decision: Decision
  /** Where: float32 `[height, width]` in the picture's own size, higher is more anomalous; `null` unless asked for, and for algorithms that make none. */
  readonly map: FloatMap | null
}

export interface ScoreOptions {
  /** Whether the anomaly map is wanted. */
  readonly map?: boolean
}

/** A loaded model. Any number of calls may be under way; they are worked on together. */
export interface Model {
  readonly description: ModelDescription
  /** A picture is anomalous when its score is above it. */
  readonly threshold: number
  /**
   * Scores a picture: the path of a file, or its encoded bytes (JPEG, PNG, TIFF, BMP, WebP).
   * @throws ImIadError IM_IAD_E_IMAGE when it can't be read or decoded
   */
  score(picture: string | Uint8Array, options?: ScoreOptions): Promise<Score>
  dispose(): Promise<void>
}

export interface ModelParts {
  readonly description: ModelDescription
  readonly predictor: FramePredictor
  readonly maximumPixels: number | null
  readonly threshold: number
  readonly dispose: () => Promise<void>
}

/** Pictures in full size at a time: they are what takes memory. */
const DECODED_AT_ONCE = 4

export function createModel({ description, predictor, maximumPixels, threshold, dispose }: ModelParts): Model {
  const limit = pLimit(DECODED_AT_ONCE)
  const { input } = description
  const read = async (
    picture: string | Uint8Array,
  ): Promise<{ readonly pixels: Uint8Array; readonly width: number; readonly height: number }> => {
    const decoded = await decode(picture, maximumPixels)
    return { pixels: applyGeometry(decoded, input).data, width: decoded.width, height: decoded.height }
  }
  return {
    description,
    threshold,
    async score(picture, { map: withMap = false } = {}) {
      const { pixels, ...original } = await limit(() => read(picture))
      const { score, map } = await predictor.predictOne({ pixels, withMap })
      return {
        score,
        decision: score > threshold ? 'anomalous' : 'good',
        map: map === null ? null : { ...original, data: await frameMap(map, original, { geometry: input, frame: 'native' }) },
      }
    },
    dispose,
  }
}

async function decode(picture: string | Uint8Array, maximumPixels: number | null): Promise<PixelImage> {
  const limits = maximumPixels === null ? {} : { maximumPixels }
  if (typeof picture !== 'string') return decodeImage(picture, 'the picture', limits)
  const bytes = await readFile(picture).catch((error: unknown) => {
    throw unreadableImage(picture, error)
  })
  return decodeImage(bytes, picture, limits)
}
