export { backboneParameters, efficientBackbone, residualBackbone, type BackboneDefinition } from './backbones/backbone-definition.ts'
export { EFFICIENTNET_B5, EFFICIENTNET_B6, EFFICIENTNET_LITE0, type EfficientArchitecture } from './networks/efficient-architecture.ts'
export type { EfficientNaming } from './networks/efficient-naming.ts'
export { RESNET18, RESNET34, RESNET50, WIDE_RESNET50_2, type ResidualArchitecture } from './networks/residual-architecture.ts'
