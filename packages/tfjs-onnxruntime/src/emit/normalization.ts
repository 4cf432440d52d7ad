import { attributesOf, type Emitters } from './emitter.ts'

export const normalizationEmitters: Emitters = {
  BatchNorm(emission, ir) {
    const [x, ...parameters] = ir.inputs
    const { epsilon } = attributesOf<{ readonly epsilon: number }>(ir)
    const operands = [emission.get(x, 'channels-first'), ...parameters.map((parameter) => emission.get(parameter, 'logical'))]
    emission.put(ir, 'channels-first', emission.node('BatchNormalization', operands, { epsilon: { float: epsilon } }))
  },
  /**
   * With momentum 0 the running statistics that come out are the batch's own. ONNX Runtime writes them over the ones that go in, so those are two computed buffers of
   * zeros, never constants; and they are multiplied by the node's own number, or ONNX Runtime would find that they are the same where a network is gone through twice, and have both batches share them.
   */
  BatchNormTraining(emission, ir) {
    const [x, scale, offset] = ir.inputs
    const { epsilon } = attributesOf<{ readonly epsilon: number }>(ir)
    const [gamma, beta] = [emission.get(scale, 'logical'), emission.get(offset, 'logical')]
    const own = emission.builder.scalar(ir.id + 1)
    const running = [gamma, beta].map((value) => emission.node('Mul', [emission.node('Sub', [value, value]), own]))
    const operands = [emission.get(x, 'channels-first'), gamma, beta, ...running]
    emission.putTuple(
      ir,
      'channels-first',
      emission.builder.nodes('BatchNormalization', operands, 3, { epsilon: { float: epsilon }, momentum: { float: 0 }, training_mode: 1 }),
    )
  },
}
