import { ImIadError } from '@im-iad/core'

const CODE = 'IM_IAD_E_ONNX_BACKBONE'

export function missingFile(): ImIadError {
  return new ImIadError({ code: CODE, what: 'the backbone "onnx" needs a file', fix: 'name the .onnx file itself as the backbone' })
}

export function notAFeatureExtractor(file: string, problem: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'the ONNX model is no feature extractor',
    found: file,
    problem,
    fix: "export the network's intermediate feature maps as its outputs, with one batch of pictures as its input",
  })
}

export function malformedDescription(file: string, problem: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'cannot use the description beside the ONNX model',
    found: file,
    problem,
    fix: 'write it like {"mean": [127, 127, 127], "std": [128, 128, 128], "layout": "NCHW"}',
  })
}

export function unknownStride(file: string, stride: number, known: readonly number[]): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the backbone ${file} has no level of stride ${stride}`,
    problem: `its levels have the strides ${known.join(', ')}`,
    fix: `set the algorithm's levels to some of ${known.join(', ')}`,
  })
}
