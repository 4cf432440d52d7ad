import type { Ir } from '../graph/ir.ts'
import { orderOf } from '../layout.ts'
import type { Emission } from './emission.ts'
import { attributesOf, type Emitters } from './emitter.ts'

/** A convolution of each channel with one number. Written as a product and a sum where the channels lie last, or where a model is to be read elsewhere. */
function channelAffine(emission: Emission, ir: Ir): void {
  const [x, scale, offset] = ir.inputs
  const layout = emission.layoutOf(ir)
  if (layout !== 'channels-first' || emission.portable) {
    const product = emission.node('Mul', [emission.get(x, layout), emission.aligned(scale, 4, layout)])
    emission.put(ir, layout, emission.node('Add', [product, emission.aligned(offset, 4, layout)]))
    return
  }
  const channels = ir.shape[3]
  const filter = emission.reshape(emission.get(scale, 'logical'), [channels, 1, 1, 1])
  const operands = [emission.get(x, layout), filter, emission.get(offset, 'logical')]
  emission.put(ir, layout, emission.node('Conv', operands, { kernel_shape: [1, 1], group: channels }))
}

/** A product of a row and a column for every image and channel, summed over the images. */
function channelDot(emission: Emission, ir: Ir): void {
  const [a, b] = ir.inputs
  const layout = emission.layoutOf(a)
  const [left, right] = [emission.get(a, layout), emission.get(b, layout)]
  if (layout !== 'channels-first') {
    const axes = orderOf(layout, 4).flatMap((axis, physical) => (axis === 3 ? [] : [physical]))
    emission.put(ir, layout, emission.node('ReduceSum', [emission.node('Mul', [left, right]), emission.integers(axes)], { keepdims: 1 }))
    return
  }
  const [batch, height, width, channels] = a.shape
  const [rows, columns] = [left, right].map((value) => emission.reshape(value, [batch, channels, 1, height * width]))
  const products = emission.matrixProduct(rows, columns, [4, 4], false, true)
  emission.put(ir, layout, batch === 1 ? products : emission.node('ReduceSum', [products, emission.integers([0])], { keepdims: 1 }))
}

export const normalizationEmitters: Emitters = {
  ChannelAffine: channelAffine,
  ChannelDot: channelDot,
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
