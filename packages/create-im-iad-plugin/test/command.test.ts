import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const COMMAND: string = fileURLToPath(new URL('../bin/create-im-iad-plugin.js', import.meta.url))

const emptyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'im-iad-create-'))

/** The command as a script runs it: nobody to ask. */
async function create(cwd: string, ...parameters: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [COMMAND, ...parameters], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    })
    const parts = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text))
    child.once('close', (code) => resolve({ code, ...parts }))
  })
}

it('writes into a folder of the name and says what comes next', async () => {
  const cwd = await emptyFolder()
  const { code, stdout, stderr } = await create(cwd, '--kind', 'metric', '--name', '@acme/im-iad-metric-cost')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/metric "image\.cost"[^]*cd im-iad-metric-cost\n[^]*npm test/)
  expect(await readdir(cwd)).toEqual(['im-iad-metric-cost'])
})

it('--yes takes defaults, the name after the folder', async () => {
  const cwd = await emptyFolder()
  const { code } = await create(cwd, 'glow', '--yes')
  expect(code).toBe(0)
  const manifest = JSON.parse(await readFile(join(cwd, 'glow', 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ name: 'im-iad-algo-glow', license: 'MIT', imIad: { provides: [{ kind: 'algorithm', id: 'glow' }] } })
})

it.each([
  [['--kind', 'algoritm', '--name', 'im-iad-glow'], /no template for the kind "algoritm"[^]*did you mean --kind algorithm\?/],
  [['--kind', 'backbone', '--name', 'im-iad-glow'], /known are algorithm, dataset, paradigm, metric/],
  [['--kind', 'dataset', '--name', 'Not A Name'], /can't be the name of an npm package[^]*capital letters/],
  [['--kind', 'dataset', '--name', 'im-iad-glow', '--license', 'GPL-3.0'], /offered are MIT, Apache-2\.0, UNLICENSED/],
  [['--kind', 'dataset'], /no terminal to ask on[^]*not given: --name[^]*--yes/],
  [
    ['--kind', 'dataset', '--name', 'im-iad-glow', '--directory', '.'],
    /the folder is not empty; nothing was written[^]*it holds note\.txt/,
  ],
  [['--kindd', 'dataset'], /--kindd/],
])('%j is wrong usage: nothing is written, exit code 2', async (parameters, message) => {
  const cwd = await emptyFolder()
  await writeFile(join(cwd, 'note.txt'), '')
  const { code, stderr } = await create(cwd, ...parameters)
  expect(stderr).toMatch(message)
  expect(stderr).not.toContain('unexpected error')
  expect(code).toBe(2)
  expect(await readdir(cwd)).toEqual(['note.txt'])
})
