import { normalizedParameters, type NormalizedConvolution } from '../layers/normalized-convolution.ts'
import type { ParameterDefinition } from '../parameters/parameter-definition.ts'

/** A layer with parameters: a convolution with its normalisation, or parameters that stand as they are. */
export type ParameterLayer = NormalizedConvolution | { readonly plain: readonly ParameterDefinition[] }

/** All parameters of the layers, in their order. */
export function layerParameters(layers: readonly ParameterLayer[]): readonly ParameterDefinition[] {
  return layers.flatMap((layer) => ('plain' in layer ? layer.plain : normalizedParameters(layer)))
}
