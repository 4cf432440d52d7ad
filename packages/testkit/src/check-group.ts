import { isImIadError, type ImIadError, type PluginKind } from '@im-iad/core'
import { describeThrown, type Check } from './check.ts'
import { nonconforming, unexpectedPass } from './errors/conformance-errors.ts'

/** How a check went. */
export type CheckOutcome =
  | { readonly status: 'pass' }
  | { readonly status: 'fail'; readonly error: ImIadError }
  | { readonly status: 'skip'; readonly reason: string }
  /** It fails, as `knownFailures` says it does. */
  | { readonly status: 'known-failure'; readonly reason: string; readonly error: ImIadError }

/** A check bound to what it checks. */
export interface BoundCheck {
  readonly id: string
  readonly why: string
  readonly fix: string
  /** Runs it, after what it requires; once, however often it is asked for. Never rejects. */
  readonly run: () => Promise<CheckOutcome>
}

/** The checks of one plugin, or of the package as a whole (`plugin` is `null`). */
export interface CheckGroup {
  readonly plugin: { readonly kind: PluginKind; readonly id: string } | null
  /** In the order in which they are best run. */
  readonly checks: readonly BoundCheck[]
}

/** The reason why a check is known to fail, or `null`. */
type KnownFailure = (check: string) => string | null

/** How bound checks are run. */
export interface CheckConditions {
  readonly knownFailure: KnownFailure
  /** Seconds that one check may take. */
  readonly timeLimit: number
  /** Called after each check: frees what it made. */
  readonly release: () => Promise<void>
}

/** Binds checks to what they check. */
export function bindChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  conditions: CheckConditions,
): readonly BoundCheck[] {
  const outcomes = new Map<string, Promise<CheckOutcome>>()
  const outcomeOf = (check: Check<Subject>): Promise<CheckOutcome> => {
    const outcome = outcomes.get(check.id) ?? runAfterRequired(check)
    outcomes.set(check.id, outcome)
    return outcome
  }
  const runAfterRequired = async (check: Check<Subject>): Promise<CheckOutcome> => {
    for (const id of check.requires) {
      const required = checks.find((candidate) => candidate.id === id)
      if (required === undefined) continue
      const outcome = await outcomeOf(required)
      // The first cause is told: a chain of skipped checks has one reason.
      if (outcome.status === 'skip') return outcome
      if (outcome.status !== 'pass') return { status: 'skip', reason: `it needs "${id}", which fails` }
    }
    const outcome = await attempt(check, subject, conditions.timeLimit)
    await conditions.release()
    return judge(outcome, check.id, conditions.knownFailure(check.id))
  }
  return checks.map((check) => ({ id: check.id, why: check.why, fix: check.fix, run: () => outcomeOf(check) }))
}

async function attempt<Subject>(check: Check<Subject>, subject: Subject, timeLimit: number): Promise<CheckOutcome> {
  try {
    const reason = check.skip(subject)
    if (reason !== null) return { status: 'skip', reason }
    await within(timeLimit, check.run(subject))
    return { status: 'pass' }
  } catch (error) {
    return { status: 'fail', error: isImIadError(error) ? error : nonconforming(check.id, describeThrown(error), check.fix, error) }
  }
}

/** The work's result, unless it takes longer. What is not over by then goes on, and nobody waits for it. */
function within<Value>(seconds: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it was still busy after ${seconds} seconds`)), seconds * 1000)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function judge(outcome: CheckOutcome, id: string, knownReason: string | null): CheckOutcome {
  if (knownReason === null) return outcome
  if (outcome.status === 'fail') return { status: 'known-failure', reason: knownReason, error: outcome.error }
  if (outcome.status === 'pass') return { status: 'fail', error: unexpectedPass(id, knownReason) }
  return outcome
}
