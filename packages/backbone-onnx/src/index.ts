import { defineBackbone, type BackbonePlugin } from '@im-iad/core'

const onnx: BackbonePlugin = defineBackbone({
  contract: 1,
  id: 'onnx',
  revision: 1,
  title: 'Any ONNX feature extractor, named by its path',
  citation: "the file's own; ONNX: https://onnx.ai",
  license: "the file's own",
  normalization: null,
  levels: [],
  weights: { kind: 'file', extensions: ['.onnx'], companions: ['.json'] },
  async open(context) {
    const { openOnnxBackbone } = await import('./open-onnx-backbone.ts')
    return openOnnxBackbone(context)
  },
})

export default onnx
