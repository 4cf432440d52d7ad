import { ImIadError } from '@im-iad/errors'

export function invalidProtocol(paradigm: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PROTOCOL',
    what: `paradigm "${paradigm}" made a protocol that cannot be carried out`,
    problem,
    fix: 'look at the data and the parameters of the paradigm; if both are right, tell its author',
  })
}

/** A tested picture with one that is trained on, and what they have in common. */
export interface Leak {
  readonly test: string
  readonly train: string
  readonly why: string
}

/** Pairs that an error names. */
const NAMED_LEAKS = 5

/** @param leaks - at least one */
export function leakyProtocol(paradigm: string, leaks: readonly Leak[]): ImIadError {
  const named = leaks.slice(0, NAMED_LEAKS).map(({ test, train, why }) => `test sample "${test}", training sample "${train}": ${why}`)
  const rest = leaks.length - named.length
  return new ImIadError({
    code: 'IM_IAD_E_LEAK',
    what: `paradigm "${paradigm}" tests what it trains on`,
    found: [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n           '),
    problem: `${leaks.length} tested ${leaks.length === 1 ? 'picture is' : 'pictures are'} known from training, so the numbers would be too good`,
    fix: 'use a split that keeps them on one side (split=group where the paradigm offers it), or delete the copies; a paradigm is given what it needs: sha256, copyOf, group',
  })
}

export function missingTrainingMasks(algorithm: string, samples: readonly string[]): ImIadError {
  const [first = '', ...others] = samples
  return new ImIadError({
    code: 'IM_IAD_E_MASK',
    what: `algorithm "${algorithm}" learns from masks, and abnormal training images have none`,
    found: `training sample "${first}"${others.length === 0 ? '' : ` and ${others.length} more (${others.slice(0, 4).join(', ')}${others.length > 4 ? ', …' : ''})`}`,
    problem: 'the dataset publishes no mask for it',
    fix: 'add the masks, or choose an algorithm that learns from image labels',
  })
}

export function invalidPrediction(algorithm: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PREDICTION',
    what: `algorithm "${algorithm}" returned an unusable prediction`,
    problem,
    fix: 'this is a fault of the algorithm: tell its author, with the parameters and the seed',
  })
}

export function timeLimitReached(seconds: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TIME_LIMIT',
    what: `the experiment was stopped after ${seconds} seconds`,
    problem: 'it reached --time-limit',
    fix: 'raise --time-limit, or choose --budget laptop; then --retry-failed runs it again',
  })
}

export function memoryLimitReached(limitBytes: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MEMORY_LIMIT',
    what: 'the experiment was stopped for the memory it took',
    problem: `it passed --memory-limit of ${Math.round(limitBytes / 1e6)} MB`,
    fix: 'raise --memory-limit, or choose --budget laptop; then --retry-failed runs it again',
  })
}

export function memoryShareReached(sharedBytes: number, ownBytes: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MEMORY_LIMIT',
    what: 'the experiment was stopped for the memory it took',
    problem: `the experiments passed ${Math.round(sharedBytes / 1e6)} MB, 85 % of what there is; this one took most of it, ${Math.round(ownBytes / 1e6)} MB`,
    fix: 'fewer --workers, --budget laptop, or a machine with more memory; --memory-limit sets a limit for each experiment instead. Then --retry-failed runs it again',
  })
}

export function unstartableChild(cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CHILD_START',
    what: 'cannot start a process for an experiment',
    problem: cause instanceof Error ? cause.message : String(cause),
    fix: 'fewer --workers, or raise the limit that is named (ulimit -n for EMFILE, ulimit -u for EAGAIN); the same command goes on from there',
    cause,
  })
}

export function strayError(message: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_STRAY',
    what: 'something in the experiment failed where nobody was waiting for it',
    problem: message,
    fix: 'this is a fault of a plugin (a promise that is not awaited, a callback that throws): tell its author; log.jsonl of the experiment says where',
  })
}

export function childDied(how: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CHILD',
    what: 'the process of the experiment ended without a result',
    problem: how,
    fix: 'look at log.jsonl of the experiment; where memory ran out, fewer --workers or --budget laptop help. --retry-failed runs it again',
  })
}
