import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { emptyFolder } from '../support/consumer.ts'
import { strangersEnvironment } from '../support/package-tools.ts'
import { pageScript } from '../support/page-commands.ts'
import { runProgram } from '../support/run-program.ts'
import { ROOT } from '../support/workspace.ts'

const sandbox = inject('sandbox')

it('docs/plugins.md: its commands, in its order, lead from nothing to a published plugin that others run', async () => {
  const script = pageScript(await readFile(join(ROOT, 'docs', 'plugins.md'), 'utf8'))
  const commands = ['npm create im-iad-plugin', 'npm test', 'npx im-iad list', 'npm publish', 'npm install @im-iad/cli']
  for (const command of commands) expect(script).toContain(command)
  const cwd = await emptyFolder(sandbox, 'reader')
  const { stdout } = await runProgram('bash', ['-c', script], { cwd, env: strangersEnvironment(sandbox) })
  expect(stdout.match(/✓ test\/conformance\.test\.ts/g)).toHaveLength(2)
  expect(stdout).toMatch(/algorithms\n[^]*worst-pixels +im-iad-algo-worst-pixels@0\.1\.0/)
  expect(stdout).toContain('+ im-iad-algo-worst-pixels@0.1.0')
  expect(stdout.match(/worst-pixels.*\d\.\d{3}/g)?.length).toBeGreaterThanOrEqual(3)
})
