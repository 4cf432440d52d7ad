import { ImIadError, type DiscoveryProblem } from '@im-iad/core'

export function unusableRequest(text: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PLUGIN_REQUEST',
    what: `cannot add "${text}"`,
    problem,
    fix: 'name a package (NAME or NAME@RANGE), a folder (./FOLDER) or a tarball (FILE.tgz)',
  })
}

export function missingLocalPackage(text: string, path: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PLUGIN_REQUEST',
    what: `cannot add "${text}"`,
    found: path,
    problem: 'there is no such tarball, or folder with a package.json',
    fix: 'correct the path; a package of a registry is named without "./" and without an ending',
  })
}

/** npm started, and did not do what it was asked to. @param reason - npm's own, in one line */
export function npmFailed(what: string, code: string, reason: string, folder: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NPM',
    what,
    found: `npm worked in ${folder}; nothing was changed there`,
    problem: `npm says ${code}: ${reason}`,
    fix: npmFix(code),
  })
}

/** What to do about one of npm's error codes. */
export function npmFix(code: string): string {
  return NPM_FIXES[code] ?? 'correct what npm complains of, then try again'
}

const OFFLINE = 'check the network, the proxy and "npm config get registry"; without a network add a tarball or a folder'

const NPM_FIXES: Readonly<Record<string, string>> = {
  E404: 'check the name, and "npm config get registry"; a folder is written ./FOLDER',
  E401: 'npm login',
  E403: 'npm login, or ask whoever runs the registry',
  ETARGET: 'ask for a version that was published: npm view NAME versions',
  ERESOLVE: 'ask for versions that fit together, NAME@RANGE, or remove the other package first: im-iad plugins remove NAME',
  EACCES: 'make the folder writable, or choose another with IM_IAD_HOME',
  EROFS: 'choose a writable folder with IM_IAD_HOME',
  ENOSPC: 'free some disk space, or choose another folder with IM_IAD_HOME',
  ENOTFOUND: OFFLINE,
  EAI_AGAIN: OFFLINE,
  ECONNREFUSED: OFFLINE,
  ECONNRESET: OFFLINE,
  ETIMEDOUT: OFFLINE,
  ENETUNREACH: OFFLINE,
  ENOTCACHED: OFFLINE,
}

export function npmMissing(cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NPM',
    what: 'cannot start npm',
    problem: cause instanceof Error ? cause.message : String(cause),
    fix: 'install npm, which comes with Node, and have it on the PATH',
    cause,
  })
}

export function unwritableFolder(folder: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PLUGIN_FOLDER',
    what: 'cannot write the folder of added plugins',
    found: folder,
    problem: cause instanceof Error ? cause.message : String(cause),
    fix: 'make it writable, or choose another with IM_IAD_HOME',
    cause,
  })
}

export function damagedFolder(folder: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PLUGIN_FOLDER',
    what: 'cannot use the folder of added plugins',
    found: folder,
    problem,
    fix: 'correct the file, or delete the folder and add the plugins again',
  })
}

/** What was installed is not what it was taken for. */
export function refusedPackages(problems: readonly DiscoveryProblem[]): ImIadError {
  const [first] = problems
  return new ImIadError({
    code: first?.code ?? 'IM_IAD_E_MANIFEST',
    what: `${listed(problems.map((problem) => `${problem.package}@${problem.version}`))} cannot be added; nothing was changed`,
    found: listed(problems.map((problem) => problem.path)),
    problem: problems.map((problem) => problem.problem).join('; '),
    fix: listed(problems.map((problem) => problem.fix)),
  })
}

function listed(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ')
}
