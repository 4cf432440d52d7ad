import { ImIadError } from '@im-iad/errors'

/** A loss, or a variable, is no finite number any more. @param learningRateFactor - of that step; `null` after the last */
export function trainingDiverged(
  what: string,
  { epoch, step }: { readonly epoch: number; readonly step: number },
  learningRateFactor: number | null,
): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DIVERGED',
    what: `the training diverged: ${what} ${learningRateFactor === null ? 'after' : 'in'} step ${step + 1} (epoch ${epoch + 1})`,
    problem: `from there on every number would be wrong${learningRateFactor === null ? '' : `; the learning rate was ${learningRateFactor} times the one that was set`}`,
    fix: 'lower the learning rate, clip gradients, or look for damaged pictures',
  })
}

/** The checkpoint is damaged, or of a training with other settings. */
export function foreignCheckpoint(problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CHECKPOINT',
    what: 'cannot go on from the checkpoint',
    problem,
    fix: 'train with the settings that it was begun with, or remove the checkpoint to train from the start',
  })
}
