import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { emptyFolder } from '../support/consumer.ts'
import { strangersEnvironment } from '../support/package-tools.ts'
import { parseJson, runProgram } from '../support/run-program.ts'

const sandbox = inject('sandbox')
const env = strangersEnvironment(sandbox)

describe.each(['algorithm', 'dataset', 'paradigm', 'metric'])('npm create im-iad-plugin -- --kind %s', (kind) => {
  it('gives a package that installs, builds and passes its tests as it comes', async () => {
    const parent = await emptyFolder(sandbox, kind)
    const name = `@acme/im-iad-${kind}-first`
    await runProgram('npm', ['create', '--yes', 'im-iad-plugin', '--', '--kind', kind, '--name', name], { cwd: parent, env })
    const cwd = join(parent, `im-iad-${kind}-first`)
    await runProgram('npm', ['install'], { cwd, env })
    await runProgram('npm', ['run', 'build'], { cwd, env })
    const { stdout } = await runProgram('npm', ['test'], { cwd, env })
    expect(stdout).toMatch(/conformance\.test\.ts/)
    expect(stdout).not.toMatch(/failed/)

    const packed = parseJson<readonly { readonly files: readonly { readonly path: string }[] }[]>(
      await runProgram('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], { cwd, env }),
    )
    const files = packed[0]?.files.map(({ path }) => path) ?? []
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']))
    expect(files.filter((path) => !path.startsWith('dist/'))).toHaveLength(3)
  })
})
