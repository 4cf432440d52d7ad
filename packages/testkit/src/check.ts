import { isImIadError } from '@im-iad/core'
import { nonconforming } from './errors/conformance-errors.ts'

/** One thing that a plugin must do. Runner-agnostic: `run` rejects with an ImIadError when the plugin does not do it. */
export interface Check<Subject> {
  /** Kebab case, unique among the checks of one kind of plugin. */
  readonly id: string
  /** What goes wrong for users when a plugin fails it, as a sentence. */
  readonly why: string
  /** What the plugin's author does about a failure. */
  readonly fix: string
  /** Checks that must hold before this one can tell anything: when one of them fails, this one is skipped. */
  readonly requires: readonly string[]
  /** Why the check says nothing about this plugin, or `null`. */
  readonly skip: (subject: Subject) => string | null
  /** @throws ImIadError IM_IAD_E_CONFORMANCE, saying what was seen and what to do */
  readonly run: (subject: Subject) => Promise<void>
}

/** A check as it is written: `requires` and `skip` may be left out. */
export interface CheckDefinition<Subject> extends Pick<Check<Subject>, 'id' | 'why' | 'fix'> {
  readonly requires?: readonly string[]
  readonly skip?: (subject: Subject) => string | null
  /** Calls {@link violates} when the plugin does not conform; whatever else it throws is the plugin's failure too. */
  readonly run: (subject: Subject) => Promise<void> | void
}

export function defineCheck<Subject>(definition: CheckDefinition<Subject>): Check<Subject> {
  const { id, why, fix, requires = [], skip = () => null } = definition
  return {
    id,
    why,
    fix,
    requires,
    skip,
    async run(subject) {
      try {
        await definition.run(subject)
      } catch (error) {
        if (error instanceof Violation) throw nonconforming(id, error.message, fix)
        throw nonconforming(id, `it threw ${describeThrown(error)}`, fix, error)
      }
    },
  }
}

/** What a check saw. Never leaves this package. */
class Violation extends Error {}

/** Ends a check: `problem` is what was seen, as a clause. */
export function violates(problem: string): never {
  throw new Violation(problem)
}

/** A thrown value in one line. */
export function describeThrown(error: unknown): string {
  if (isImIadError(error)) return `ImIadError: ${error.facts.what}${error.facts.problem === undefined ? '' : ` (${error.facts.problem})`}`
  if (!(error instanceof Error)) return `${typeof error} ${String(error)}`
  const [line = ''] = error.message.split('\n')
  return `${error.name}: ${line}`
}
