import { ImIadError } from '@im-iad/errors'

export function invalidProtocol(paradigm: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PROTOCOL',
    what: `paradigm "${paradigm}" made a protocol that cannot be carried out`,
    problem,
    fix: 'look at the data and the parameters of the paradigm; if both are right, tell its author',
  })
}

export function leakyProtocol(paradigm: string, test: string, train: string, why: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LEAK',
    what: `paradigm "${paradigm}" tests what it trains on`,
    found: `test sample "${test}", training sample "${train}"`,
    problem: why,
    fix: 'use a split that keeps them on one side (split=group where the paradigm offers it)',
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

export function childDied(how: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CHILD',
    what: 'the process of the experiment ended without a result',
    problem: how,
    fix: 'look at log.jsonl of the experiment; out of memory is the usual cause (choose --budget laptop). --retry-failed runs it again',
  })
}
