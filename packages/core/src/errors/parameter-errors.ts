import { ImIadError } from '@im-iad/errors'

interface Owner {
  readonly kind: string
  readonly id: string
}

export function unknownParameter(owner: Owner, name: string, similar: string | undefined, known: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `${owner.kind} "${owner.id}" has no parameter "${name}"`,
    problem: known.length === 0 ? 'it has no parameters at all' : `its parameters are ${known.join(', ')}`,
    fix: similar === undefined ? `im-iad info ${owner.id}` : `did you mean "${similar}"? "im-iad info ${owner.id}" explains them`,
  })
}

export function invalidParameter(owner: Owner, issues: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `${owner.kind} "${owner.id}" cannot use the parameters given`,
    problem: issues.join('; '),
    fix: `correct the value; "im-iad info ${owner.id}" shows what is allowed`,
  })
}

/** A schema that throws instead of returning issues: its author's fault, not that of the values. */
export function throwingSchema(owner: Owner, error: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `${owner.kind} "${owner.id}" cannot check the parameters given`,
    problem: `its parameter schema throws when it validates: ${error instanceof Error ? error.message : String(error)}`,
    fix: `leave its parameters at their defaults, or tell the author of "${owner.id}"`,
    cause: error,
  })
}

export function malformedSetting(text: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `cannot read --set ${text}`,
    problem: 'it is not of the form PLUGIN.PARAMETER=VALUE',
    fix: 'write it like --set patchcore.coresetRatio=0.1',
  })
}

export function settingForNobody(text: string, id: string, similar: string | undefined, selected: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `--set ${text} is for "${id}", which is not part of this run`,
    problem: `this run uses ${selected.join(', ')}`,
    fix: similar === undefined ? 'select it, or drop the setting' : `did you mean "${similar}"?`,
  })
}
