import validate from 'validate-npm-package-name'
import { badPackageName } from './errors/scaffold-errors.ts'

/** What npm has against a name for a new package; empty when it is good. */
export function nameProblems(name: string): readonly string[] {
  const verdict = validate(name)
  return verdict.validForNewPackages ? [] : [...(verdict.errors ?? []), ...(verdict.warnings ?? [])]
}

/** @throws ImIadError IM_IAD_E_PACKAGE_NAME */
export function checkName(name: string): string {
  const problems = nameProblems(name)
  if (problems.length > 0) throw badPackageName(name, problems)
  return name
}
