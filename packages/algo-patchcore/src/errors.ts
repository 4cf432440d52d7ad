import { ImIadError } from '@im-iad/core'

export function notFitted(): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NOT_FITTED',
    what: 'PatchCore has no memory yet',
    fix: 'call fit or load before predict and save',
  })
}

export function noTrainingImages(task: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_TRAINING',
    what: `PatchCore has nothing to train on in task "${task}"`,
    fix: 'give it at least one normal image',
  })
}

export function untraceableBackbone(backbone: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_EXPORT',
    what: `the backbone "${backbone}" can't be exported`,
    problem: 'its plugin does not say how its features are computed (trace)',
    fix: 'fit the model with a backbone that does: embedded, or a feature extractor as an .onnx file',
  })
}
