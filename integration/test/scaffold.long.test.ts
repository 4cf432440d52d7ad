import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { emptyFolder } from '../support/consumer.ts'
import { strangersEnvironment } from '../support/package-tools.ts'
import { parseJson, runProgram } from '../support/run-program.ts'

const sandbox = inject('sandbox')
const env = strangersEnvironment(sandbox)

it.each([
  { kind: 'algorithm', manager: 'npm', create: ['create', '--yes', 'im-iad-plugin', '--'] },
  { kind: 'dataset', manager: 'npm', create: ['create', '--yes', 'im-iad-plugin', '--'] },
  { kind: 'paradigm', manager: 'npm', create: ['create', '--yes', 'im-iad-plugin', '--'] },
  { kind: 'metric', manager: 'npm', create: ['create', '--yes', 'im-iad-plugin', '--'] },
  { kind: 'algorithm', manager: 'pnpm', create: ['create', 'im-iad-plugin'] },
])('$manager create im-iad-plugin --kind $kind: installs, builds and passes its tests as it comes', async ({ kind, manager, create }) => {
  const parent = await emptyFolder(sandbox, kind)
  await runProgram(manager, [...create, '--kind', kind, '--name', `@acme/im-iad-${kind}-first`], { cwd: parent, env })
  const cwd = join(parent, `im-iad-${kind}-first`)
  await runProgram(manager, ['install'], { cwd, env })
  await runProgram(manager, ['run', 'build'], { cwd, env })
  const { stdout } = await runProgram(manager, ['test'], { cwd, env })
  expect(stdout).toMatch(/✓ test\/conformance\.test\.ts/)
  expect(stdout).not.toMatch(/failed/)
  // What does not apply is skipped: parameters of a metric that has none, the counts of a dataset that states none.
  expect(Number(/tests \| (\d+) skipped/.exec(stdout)?.[1] ?? 0)).toBeLessThanOrEqual(2)

  const packed = await runProgram('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], { cwd, env })
  const [archive] = parseJson<readonly { readonly files: readonly { readonly path: string }[] }[]>(packed)
  const files = archive?.files.map(({ path }) => path) ?? []
  expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts']))
  expect(files.filter((path) => !path.startsWith('dist/')).toSorted()).toEqual(['LICENSE', 'README.md', 'package.json'])
})
