import { ImIadError } from '@im-iad/core'

const CODE = 'IM_IAD_E_DEVNET'

/** @param missing - the label that no training picture has */
export function oneSidedLabels(task: string, count: number, missing: 'normal' | 'anomalous'): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_TRAINING',
    what: `DevNet learns from normal and abnormal images, and none of the ${count} in task "${task}" is ${missing === 'normal' ? 'normal' : 'abnormal'}`,
    fix:
      missing === 'normal'
        ? 'give it at least one normal image'
        : 'use a paradigm that trains on abnormal images: -p fully-supervised, --set fully-supervised.n=10',
  })
}

export function unlabelledImage(task: string, index: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_TRAINING',
    what: `DevNet learns from labels, and training image ${index + 1} of task "${task}" has none`,
    fix: 'give every training image a label, "normal" or "anomalous"',
  })
}

export function untrainableBackbone(backbone: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `DevNet can't train the backbone "${backbone}"`,
    problem: 'a formula or an .onnx file has no form that can be trained',
    fix: '--set devnet.trained=head (on features of the frozen backbone), or a backbone that can be trained',
  })
}

export function noGradients(backbone: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `DevNet's map is the score's gradient by the pixels, and the backbone "${backbone}" gives no gradients`,
    problem: 'it is one finished graph (an .onnx file, or the backbone learned), which is computed as it is',
    fix: '--set devnet.map=response (a map of the responses themselves), or a backbone that im-iad computes itself, such as embedded',
  })
}

export function unknownLevel(stride: number, known: readonly number[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LEVEL',
    what: `the backbone has no level of stride ${stride}`,
    problem: `its levels have the strides ${known.join(', ')}`,
    fix: 'set devnet.level to one of them',
  })
}
