import type { CheckOutcome } from './check-group.ts'
import type { ConformanceOptions } from './options.ts'
import { openPackage } from './package-under-test.ts'

/** One check's result, as plain data. */
export interface CheckResult {
  /** `null` for a check of the package as a whole. */
  readonly plugin: { readonly kind: string; readonly id: string } | null
  readonly check: string
  readonly why: string
  readonly status: CheckOutcome['status']
  /** What was seen, or why the check was skipped; `null` when it passed. */
  readonly reason: string | null
  /** What to do; `null` unless it failed. */
  readonly fix: string | null
}

export interface PackageResults {
  readonly package: string
  readonly version: string
  readonly directory: string
  /** In the order in which they ran. */
  readonly results: readonly CheckResult[]
}

/** Who is told what while the checks run. */
export interface CheckListener {
  /** Told each result as it comes. */
  readonly onResult?: (result: CheckResult) => void
  /** Aborting ends the checks at once; what a plugin is doing just then goes on until it ends by itself. */
  readonly signal?: AbortSignal
}

/**
 * Runs all checks of a package, one after the other.
 * @throws ImIadError IM_IAD_E_NO_PLUGIN when `folder` is no plugin package; the signal's reason when it was aborted
 */
export async function checkPackage(
  folder: string | URL,
  options: ConformanceOptions = {},
  { onResult = () => undefined, signal }: CheckListener = {},
): Promise<PackageResults> {
  signal?.throwIfAborted()
  const opened = await openPackage(folder, options)
  const results: CheckResult[] = []
  try {
    for (const { plugin, checks } of opened.groups)
      for (const { id, why, run } of checks) {
        const result: CheckResult = { plugin, check: id, why, ...describeOutcome(await untilAborted(run(), signal)) }
        results.push(result)
        onResult(result)
      }
  } finally {
    await opened.dispose()
  }
  return { package: opened.name, version: opened.version, directory: opened.directory, results }
}

function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    if (signal.aborted) onAbort()
  })
}

function describeOutcome(outcome: CheckOutcome): Pick<CheckResult, 'status' | 'reason' | 'fix'> {
  const { status } = outcome
  switch (outcome.status) {
    case 'pass':
      return { status, reason: null, fix: null }
    case 'skip':
    case 'known-failure':
      return { status, reason: outcome.reason, fix: null }
    case 'fail': {
      const { what, problem, fix } = outcome.error.facts
      return { status, reason: problem ?? what, fix }
    }
  }
}
