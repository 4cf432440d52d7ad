/** Two copies of this package may be installed, so errors are recognised by this brand and never by `instanceof`. */
const brand: unique symbol = Symbol.for('im-iad.error') as never

/** What an error tells: what happened, where we looked or what was found, and what to do about it. */
export interface ErrorFacts {
  /** Stable, for programs: `IM_IAD_E_` and a noun in capitals. */
  readonly code: `IM_IAD_E_${string}`
  /** What happened, as one clause without a full stop: `cannot load algorithm "globex"`. */
  readonly what: string
  /** Where it happened: a path, a package and its version, who declared it. */
  readonly found?: string
  /** Why it is wrong: what was expected and what is there. */
  readonly problem?: string
  /** What to do: the command or the change that mends it. */
  readonly fix: string
  readonly cause?: unknown
}

/**
 * The error class of every im-iad package. Its message is ready to be printed:
 *
 *     cannot load algorithm "globex" [IM_IAD_E_CONTRACT]
 *       found:   /somewhere/im-iad-algo-globex (a dependency of /somewhere/package.json)
 *       problem: it speaks contract 2; this im-iad 1.3.0 supports 1
 *       fix:     npm i @im-iad/cli@latest
 */
export class ImIadError extends Error {
  readonly code: ErrorFacts['code']
  readonly facts: ErrorFacts

  constructor(facts: ErrorFacts) {
    super(format(facts), facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'ImIadError'
    this.code = facts.code
    this.facts = facts
    Object.defineProperty(this, brand, { value: true })
  }
}

/** Whether a thrown value is an {@link ImIadError} of any copy of this package. */
export function isImIadError(value: unknown): value is ImIadError {
  return typeof value === 'object' && value !== null && brand in value
}

function format(facts: ErrorFacts): string {
  const lines = [`${facts.what} [${facts.code}]`]
  if (facts.found !== undefined) lines.push(`  found:   ${facts.found}`)
  if (facts.problem !== undefined) lines.push(`  problem: ${facts.problem}`)
  lines.push(`  fix:     ${facts.fix}`)
  return lines.join('\n')
}
