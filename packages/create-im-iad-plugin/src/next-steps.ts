import { relative } from 'node:path'
import type { CompleteAnswers } from './answers.ts'
import type { ScaffoldedPackage } from './scaffold.ts'

/**
 * What to do after the package has been written.
 * @param userAgent - `npm_config_user_agent`: which package manager started us
 */
export function nextSteps(
  { kind, name }: CompleteAnswers,
  { id, files }: ScaffoldedPackage,
  directory: string,
  workingDirectory: string,
  userAgent: string | undefined,
): string {
  const manager = ['pnpm', 'yarn', 'bun'].find((known) => userAgent?.startsWith(known)) ?? 'npm'
  const folder = relative(workingDirectory, directory)
  return [
    `${name}: the ${kind} "${id}", ${files.length} files in ${directory}`,
    '',
    ...(folder === '' ? [] : [`  cd ${folder}`]),
    `  ${manager} install`,
    `  ${manager} test      builds it and runs the conformance suite`,
    '',
    'Then make it yours: src/, README.md, and the title and citation in src/index.ts.',
  ].join('\n')
}
