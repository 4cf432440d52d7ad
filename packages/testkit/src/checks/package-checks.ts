import { realpathSync } from 'node:fs'
import { relative, sep } from 'node:path'
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
    id: 'entries-are-published',
    why: 'A package whose build is not in "files" works for its author and for nobody who installs it.',
    fix: 'add the folder of the entries to "files" in package.json, and look at what "npm pack --dry-run" lists',
    skip: ({ manifest }) => (Array.isArray(manifest['files']) ? null : 'package.json has no "files"'),
    run({ directory, manifest, plugins }) {
      const { files, main } = manifest
      if (!Array.isArray(files)) return
      const covers = (pattern: unknown, entry: string): boolean => {
        const path = String(pattern)
          .replace(/^\.?\/+/, '')
          .replace(/(\/\*{0,2})+$/, '')
        // What other patterns cover is npm's to tell.
        return /[*?[{(]/.test(path) || path === '' || path === '.' || entry === path || entry.startsWith(`${path}/`)
      }
      for (const { id, entry } of plugins) {
        const inside = relative(realpathSync(directory), entry).split(sep).join('/')
        if (![...files, ...(typeof main === 'string' ? [main] : [])].some((pattern) => covers(pattern, inside)))
          violates(`"files" (${files.join(', ')}) does not hold ${inside}, the entry of "${id}"`)
      }
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
