import type { FeatureExtractor, FitRequest, ParameterValue } from '@im-iad/core'
import { openFeatureFile, type FeatureFile } from '@im-iad/nn'
import { extractScales } from './extract-scales.ts'
import { createFeatureStatistics, type FeatureStatistics } from './feature-statistics.ts'
import { FEATURE_DEVIATION, FEATURE_MEAN, type ResponseHead } from './head.ts'
import type { DevNetModel } from './model.ts'

/** The share of a `fit` that extracting the frozen backbone's features is. */
export const EXTRACTION_SHARE = 0.3

export interface FeatureStore {
  readonly model: DevNetModel
  readonly extractor: FeatureExtractor
  /** 1 for abnormal training pictures, 0 for normal ones. */
  readonly labels: readonly (0 | 1)[]
  /** Is made or emptied. */
  readonly file: string
  /** Whether the head's input is to be standardised by the features of these normal pictures. */
  readonly standardize: boolean
}

/** Extracts the frozen backbone's features of all training pictures, a scale after the other. */
export async function storeFeatures({ samples, signal, onProgress }: FitRequest, store: FeatureStore): Promise<FeatureFile> {
  const { model, extractor, labels, file, standardize } = store
  const { parameters, body, head } = model
  const { height, width } = samples
  const statistics = createFeatureStatistics(body.level.channels)
  const features = await openFeatureFile(file, async (index) => {
    const { pixels } = await samples.at(index)
    return extractScales(extractor, { count: 1, height, width, pixels }, parameters.level, parameters.scales)
  })
  try {
    for (const [index, label] of labels.entries()) {
      const scales = await features.at(index)
      signal.throwIfAborted()
      if (label === 0) statistics.add(scales)
      onProgress({ fraction: (EXTRACTION_SHARE * (index + 1)) / labels.length, stage: 'extracting features' })
    }
    if (standardize) await standardizeBy(statistics, head)
  } catch (error) {
    await features.close()
    throw error
  }
  return features
}

async function standardizeBy(statistics: FeatureStatistics, head: ResponseHead): Promise<void> {
  const { mean, deviation } = statistics.result()
  const changed: Readonly<Record<string, ParameterValue>> = {
    [FEATURE_MEAN]: { shape: [mean.length], data: mean },
    [FEATURE_DEVIATION]: { shape: [deviation.length], data: deviation },
  }
  head.write(new Map(Object.entries({ ...(await head.read()), ...changed })))
}
