import { ImIadError } from '@im-iad/errors'

/** @param method - as a sentence names it: `STPM` */
export function nothingToTrainOn(method: string, task: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_TRAINING',
    what: `${method} has nothing to train on in task "${task}"`,
    fix: 'give it at least one normal image',
  })
}

export function notFitted(method: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NOT_FITTED',
    what: `${method} has not been trained yet`,
    fix: 'call fit or load before predict and save',
  })
}

export function unfitModel(method: string, file: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL',
    what: `the folder holds no ${method} model that fits`,
    found: file,
    problem,
    fix: 'load it with the parameters that it was fitted with, or fit it again',
  })
}

/** @param part - what can't be written into a graph: `the backbone "x"` */
export function notExportable(method: string, part: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_EXPORT',
    what: `this ${method} model can't be exported`,
    problem: `${part} does not say how it computes (trace)`,
    fix: 'fit the model with a backbone that does: embedded, or a feature extractor as an .onnx file',
  })
}
