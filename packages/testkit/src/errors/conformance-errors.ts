import { ImIadError } from '@im-iad/core'

export function nonconforming(check: string, problem: string, fix: string, cause?: unknown): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_CONFORMANCE', what: `the plugin fails the check "${check}"`, problem, fix, cause })
}

export function unexpectedPass(check: string, reason: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CONFORMANCE',
    what: `the plugin passes the check "${check}", which knownFailures says it fails`,
    problem: `the reason given there is: ${reason}`,
    fix: `take "${check}" out of knownFailures`,
  })
}

export function noPluginPackage(folder: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_PLUGIN',
    what: 'there is no plugin package to check',
    found: folder,
    problem: 'the folder has no package.json, or one without "imIad"',
    fix: 'name the folder of a plugin package; "imIad" in its package.json says what it provides',
  })
}

export function unknownKnownFailure(name: string, similar: string | undefined): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CONFORMANCE',
    what: `knownFailures names "${name}", which is no check of this package`,
    fix: similar === undefined ? 'name the check as the results do: CHECK, or PLUGIN/CHECK' : `did you mean "${similar}"?`,
  })
}

export function unknownSelection(names: readonly string[], known: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CONFORMANCE',
    what: `the package provides no plugin ${names.map((name) => `"${name}"`).join(', ')}`,
    problem: `it provides ${known.join(', ')}`,
    fix: 'correct the option "plugins"',
  })
}
