import { ImIadError } from '@im-iad/core'

export function untraceableAlgorithm(id: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_EXPORT',
    what: `"${id}" can't be exported`,
    problem: 'its plugin does not say how its scores are computed (trace)',
    fix: 'fit another algorithm: patchcore and padim can be exported',
  })
}

export function occupiedFile(file: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_OUTPUT',
    what: 'the output file is there already',
    found: file,
    problem: 'only what im-iad exported there before is replaced',
    fix: 'name another one: --onnx FILE',
  })
}

export function otherScores(what: string, deviation: number, limit: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_EXPORT',
    what: 'the exported model does not say what the model says',
    problem: `its ${what} of a test picture is off by ${deviation.toExponential(1)} of the largest value; ${limit.toExponential(0)} is allowed`,
    fix: 'nothing was written; please report it with the output of "im-iad doctor"',
  })
}

export function noOnnxFile(file: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_OUTPUT',
    what: 'the name of the output file does not end in .onnx',
    found: file,
    problem: 'runtimes tell an ONNX model by it, and its description goes beside it with .json instead',
    fix: '--onnx model.onnx',
  })
}
