import { defineCheck, violates, type Check } from '../check.ts'
import type { PackageSubject } from '../subjects/package-subject.ts'

const CORE = '@im-iad/core'
const KEYWORD = 'im-iad-plugin'

/** What holds for a package, whatever it provides. */
export const packageChecks: readonly Check<PackageSubject>[] = [
  defineCheck({
    id: 'manifest',
    why: 'What "imIad" in package.json does not announce properly is left out of every command.',
    fix: 'correct "imIad" in package.json and build the package: {"contract": 1, "provides": [{"kind": …, "id": …, "entry": "./dist/index.js"}]}',
    run({ problems }) {
      if (problems.length > 0) violates(problems.map(({ problem }) => problem).join('; '))
    },
  }),
  defineCheck({
    id: 'core-is-a-peer',
    why: 'A plugin with a copy of the core of its own drags a second one into every installation, and breaks when the two differ.',
    fix: `list ${CORE} in "peerDependencies" (and in "devDependencies" for your tests), not in "dependencies"`,
    run({ manifest }) {
      if (!(CORE in fieldOf(manifest, 'peerDependencies'))) violates(`"peerDependencies" does not name ${CORE}`)
      if (CORE in fieldOf(manifest, 'dependencies')) violates(`"dependencies" names ${CORE}`)
    },
  }),
  defineCheck({
    id: 'is-found-by-people',
    why: 'The keyword is how people find plugins in a registry.',
    fix: `add "${KEYWORD}" to "keywords" in package.json`,
    run({ manifest }) {
      const { keywords } = manifest
      if (!Array.isArray(keywords) || !keywords.includes(KEYWORD)) violates(`"keywords" does not hold "${KEYWORD}"`)
    },
  }),
]

function fieldOf(manifest: Readonly<Record<string, unknown>>, field: string): object {
  const value = manifest[field]
  return typeof value === 'object' && value !== null ? value : {}
}
