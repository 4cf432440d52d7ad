import { ImIadError } from '@im-iad/errors'

/** The file system's or our own code of an error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const FULL: readonly string[] = ['ENOSPC', 'EDQUOT']
const TOO_MANY_FILES: readonly string[] = ['EMFILE', 'ENFILE']

/** The error in a chain of causes that comes from a full or read-only disk, which is the fault of no experiment; `null` when none does. */
export function storageFault(error: unknown): Error | null {
  if (!(error instanceof Error)) return null
  const code = errorCode(error) ?? ''
  return FULL.includes(code) || code === 'EROFS' ? error : storageFault(error.cause)
}

export function unwritableStore(directory: string, cause: unknown): ImIadError {
  const full = FULL.includes(errorCode(storageFault(cause)) ?? '')
  return new ImIadError({
    code: 'IM_IAD_E_STORE',
    what: 'cannot write to the run folder',
    found: directory,
    problem: full ? 'no space is left on the disk' : cause instanceof Error ? cause.message : String(cause),
    fix: full ? 'make space, then start the same command again: finished experiments are kept' : unwritableRemedy(errorCode(cause) ?? ''),
    cause,
  })
}

function unwritableRemedy(code: string): string {
  return TOO_MANY_FILES.includes(code)
    ? 'raise the limit of open files (ulimit -n), or fewer --workers; the same command goes on from there'
    : 'name a folder that you may write to with --runs DIR; finished experiments are kept where they are'
}

export function damagedRecord(file: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_RECORD',
    what: 'a record cannot be used, so its experiment counts as not done',
    found: file,
    problem,
    fix: 'nothing: the next run does the experiment again',
  })
}

export function damagedPlan(file: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_RECORD',
    what: 'the plan of earlier runs under this name cannot be used',
    found: file,
    problem: 'it was cut short or edited by hand',
    fix: 'nothing: it is written anew; no record is lost',
  })
}

export function lockedStore(directory: string, holder: string, pid: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LOCKED',
    what: 'another im-iad works on this run',
    found: directory,
    problem: `it is ${holder}`,
    fix: `wait for it, stop it (kill ${pid}), or choose another name with --run`,
  })
}

/** Whether a process of another machine still lives can't be asked. */
export function lockedElsewhere(directory: string, holder: string, host: string, file: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LOCKED',
    what: 'an im-iad on another machine works on this run',
    found: directory,
    problem: `it is ${holder}`,
    fix: `wait for it, or choose another name with --run. If im-iad does not run on ${host} any more, delete ${file}`,
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
