import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { scaffold } from '../src/index.ts'

it('the change that docs/plugins.md makes fits what is scaffolded', async () => {
  const page = await readFile(new URL('../../../docs/plugins.md', import.meta.url), 'utf8')
  const [, change = ''] = /^```diff\n([^]*?)^```$/m.exec(page) ?? []
  const directory = join(await mkdtemp(join(tmpdir(), 'im-iad-create-')), 'package')
  await scaffold({ kind: 'algorithm', name: 'im-iad-algo-worst-pixels', directory, license: 'MIT' })
  const { stderr, status } = spawnSync('git', ['apply', '--check', '-'], { cwd: directory, input: change, encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})
