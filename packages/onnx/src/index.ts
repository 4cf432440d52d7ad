export { GraphBuilder, OPSET, type Attribute, type Dimension, type GraphOptions, type NodeOptions, type Value } from './graph-builder.ts'
export {
  openGraphBackbone,
  wantedLevels,
  type GraphBackbone,
  type GraphBackboneRequest,
  type GraphLevel,
  type GraphPictures,
} from './graph-backbone.ts'
export { createMatrixProduct, type Matrix, type MatrixProduct } from './matrix-product.ts'
export { describeRuntime, loadRuntime, type Runtime } from './runtime.ts'
export { openSession, type ByteTensor, type FloatTensor, type OnnxSession, type SessionOptions, type TensorDescription } from './session.ts'
export { ELEMENT_TYPES, type ElementType, type TensorData } from './tensor-proto.ts'
