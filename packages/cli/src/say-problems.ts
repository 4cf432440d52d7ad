import type { DiscoveryProblem } from '@im-iad/core'
import type { ImIadContext } from './context.ts'

/** What discovery left out and why, and ids that two packages provide; other notes are only shown by `im-iad plugins doctor`. */
export function sayProblems(problems: readonly DiscoveryProblem[], { say }: ImIadContext): void {
  for (const problem of problems)
    if (problem.severity === 'error' || problem.code === 'IM_IAD_E_AMBIGUOUS_PLUGIN') say(problemText(problem))
}

/** One problem with package, version, path, who declared it, and the remedy. */
export function problemText(problem: DiscoveryProblem): string {
  return [
    `${problem.severity === 'error' ? 'left out' : 'note'}: ${problem.package}@${problem.version} [${problem.code}]`,
    `  found:   ${problem.path}  (declared by ${problem.declaredBy})`,
    `  problem: ${problem.problem}`,
    `  fix:     ${problem.fix}`,
  ].join('\n')
}
