import type { EfficientArchitecture } from '../networks/efficient-architecture.ts'
import { efficientLayers, efficientParameters, STAGE_NAMES, type StageName } from '../networks/efficient-blocks.ts'
import { isEfficientHead, type EfficientNaming } from '../networks/efficient-naming.ts'
import type { NetworkLevel } from '../networks/feature-network.ts'
import {
  isResidualHead,
  LAYER_NAMES,
  residualLayers,
  residualParameters,
  type LayerName,
  type ResidualArchitecture,
} from '../networks/residual-architecture.ts'
import type { ParameterDefinition } from '../parameters/parameter-definition.ts'

/** A network whose weights lie in a file, as plain data: nothing heavy is loaded to describe it. */
export type BackboneDefinition =
  | { readonly family: 'residual'; readonly architecture: ResidualArchitecture; readonly levels: readonly NetworkLevel<LayerName>[] }
  | { readonly family: 'efficient'; readonly architecture: EfficientArchitecture; readonly levels: readonly NetworkLevel<StageName>[] }

/** Its four layers are the levels. */
export function residualBackbone(architecture: ResidualArchitecture): BackboneDefinition {
  const levels = residualLayers(architecture, 'layer4').map(({ name, channels, stride }) => ({ name, channels, stride }))
  return { family: 'residual', architecture, levels }
}

/** Stages that have neither the last word at their stride nor anything that an algorithm asks for. */
const PASSED_OVER: readonly StageName[] = ['stage4', 'stage7']

/**
 * A stage for each stride: the last one, but at stride 32 stage 6. Stage 7 is one block that widens for the classifier; what is published on features of stride 32 (CS-Flow) takes stage 6.
 */
export function efficientBackbone(architecture: EfficientArchitecture): BackboneDefinition {
  const layers = efficientLayers(architecture, 'stage7', 'timm')
  const levels = layers.filter(({ name }) => !PASSED_OVER.includes(name)).map(({ name, channels, stride }) => ({ name, channels, stride }))
  return { family: 'efficient', architecture, levels }
}

/**
 * The parameters of the network without its classifier, in the network's order.
 * @param naming - whose names an EfficientNet's have; a residual network's are torchvision's, which are timm's too
 * @param through - the last level that is wanted; the whole network where it is `null`
 */
export function backboneParameters(
  { family, architecture }: BackboneDefinition,
  naming: EfficientNaming = 'timm',
  through: string | null = null,
): readonly ParameterDefinition[] {
  return family === 'residual'
    ? residualParameters(architecture, layerOf(LAYER_NAMES, through))
    : efficientParameters(architecture, layerOf(STAGE_NAMES, through), naming)
}

/** Whether a parameter belongs to the classifier. */
export function isHead({ family }: BackboneDefinition, name: string): boolean {
  return family === 'residual' ? isResidualHead(name) : isEfficientHead(name)
}

/** The layer of that name; the last one where there is none. */
export function layerOf<Name extends string>(names: readonly [...(readonly Name[]), Name], wanted: string | null): Name {
  return names.find((name) => name === wanted) ?? names[names.length - 1]
}
