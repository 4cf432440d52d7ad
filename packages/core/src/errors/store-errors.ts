import { ImIadError } from '@im-iad/errors'

export function unwritableStore(directory: string, cause: unknown): ImIadError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new ImIadError({
    code: 'IM_IAD_E_STORE',
    what: 'cannot write to the run folder',
    found: directory,
    problem: full ? 'no space is left on the disk' : cause instanceof Error ? cause.message : String(cause),
    fix: full
      ? 'make space, then start the same command again: finished experiments are kept'
      : 'name a folder that you may write to with --runs DIR',
    cause,
  })
}

export function damagedRecord(file: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_RECORD',
    what: 'a record cannot be used, so its experiment counts as not done',
    found: file,
    problem: 'it was cut short or edited by hand',
    fix: 'nothing: the next run does the experiment again',
  })
}

export function lockedStore(directory: string, holder: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LOCKED',
    what: 'another im-iad works on this run',
    found: directory,
    problem: `it is ${holder}`,
    fix: 'wait for it, stop it, or choose another name with --run',
  })
}

export function unknownRun(name: string, directory: string, known: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_RUN',
    what: `there is no run "${name}"`,
    found: directory,
    problem: known.length === 0 ? 'the folder holds no runs' : `it holds ${known.join(', ')}`,
    fix: 'name one of them, or the folder of a run',
  })
}
