import type { AlgorithmContext, FeatureExtractor } from '@im-iad/core'

export default function open(): FeatureExtractor
export const train: AlgorithmContext['trainableBackbone']
