import { ImIadError } from '@im-iad/errors'

export function modelTooLarge(bytes: number, limit: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_ONNX_SIZE',
    what: 'the model is too large for one ONNX file',
    problem: `its constants take ${megabytes(bytes)}, and ${megabytes(limit)} is the most`,
    fix: 'fit a smaller one: a smaller picture (size), a smaller memory (coresetRatio) or fewer channels',
  })
}

export function notEmbeddable(problem: string, fix: string): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_ONNX_EMBED', what: 'cannot take the ONNX model into another one', problem, fix })
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`
}
