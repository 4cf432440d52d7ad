import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, ROOT, setUp, step } from './steps.mjs'

setUp()
step('Formatting', pnpm('exec', 'oxfmt', '--check'), 'npm run format')
step('Linting', pnpm('exec', 'oxlint'), 'mend what is named above')
step('Types of tests, scripts and benchmarks', pnpm('exec', 'tsc', '-p', 'tsconfig.test.json'), 'mend what is named above')
step('Unused files, exports and dependencies', pnpm('exec', 'knip'), 'delete what is named above')
checkLayout()
step('Files and sizes of the packages that are published', ['node', 'scripts/pack-sizes.mjs'], 'mend what is named above')
for (const name of packageFolders()) {
  step(`Package ${name}: publishing rules`, pnpm('exec', 'publint', '--strict', join('packages', name)), 'mend what is named above')
  step(
    `Package ${name}: exported types`,
    pnpm('exec', 'attw', '--pack', join('packages', name), '--profile', 'esm-only', '--format', 'ascii', '--quiet'),
    'mend what is named above',
  )
}

function packageFolders() {
  return readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(join(ROOT, 'packages', name, 'package.json')))
}

/** Every package has what every package has; one that provides plugins runs the conformance suite. */
function checkLayout() {
  const missing = packageFolders().flatMap((name) =>
    ['README.md', 'src/index.ts', 'tsconfig.json', 'test', ...(providesPlugins(name) ? ['test/conformance.test.ts'] : [])]
      .filter((file) => !existsSync(join(ROOT, 'packages', name, file)))
      .map((file) => `packages/${name}/${file}`),
  )
  if (missing.length === 0) return
  console.error(`\nLayout: missing ${missing.join(', ')}`)
  process.exit(1)
}

function providesPlugins(name) {
  return JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')).imIad !== undefined
}
