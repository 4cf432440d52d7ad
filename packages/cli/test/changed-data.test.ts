import { mkdir, rm, utimes, writeFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { encodePng } from '@im-iad/images'
import { describe, expect, it } from 'vitest'
import { announced, type RunDocument } from './support/faulty-run.ts'
import { FAULTY_PLUGINS, imIad, parseJson, temporaryFolder, TOY_PLUGINS } from './support/im-iad.ts'

async function writePicture(path: string, level: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, await encodePng({ width: 16, height: 16, channels: 1, data: new Uint8Array(256).fill(level) }))
}

/** Pictures in the layout of MVTec AD, without masks. */
async function dataset(): Promise<string> {
  const root = await temporaryFolder()
  for (let index = 0; index < 4; index++) {
    await writePicture(join(root, 'train', 'good', `${index}.png`), 10 * index)
    await writePicture(join(root, 'test', 'good', `${index}.png`), 10 * index + 1)
    await writePicture(join(root, 'test', 'bad', `${index}.png`), 10 * index + 2)
  }
  return root
}

const plugins = ['--plugin', TOY_PLUGINS, '--plugin', FAULTY_PLUGINS]

/** The first experiment is slow; while it runs, `change` happens, and the second finds other data than was planned with. */
async function changeWhileRunning(
  root: string,
  cwd: string,
  change: () => Promise<void>,
): Promise<RunDocument & { readonly stderr: string }> {
  const folder = await temporaryFolder()
  const run = ['run', ...plugins, '-d', 'folder', '--data-root', root, '-a', 'faulty', '-p', 'unsupervised', '--run', 'it', '--json']
  const changed = announced(folder, 1).then(change)
  const outcome = await imIad([...run, '--set', 'faulty.fault=slow', '--seeds', '0,1'], { cwd, env: { FAULTY_ANNOUNCE: folder } })
  await changed
  return { ...parseJson<RunDocument>(outcome), stderr: outcome.stderr }
}

describe('data that changes between plan and run', () => {
  it.each([
    ['edited', 'train/good/1.png', (file: string) => writePicture(file, 200)],
    ['removed', 'test/bad/2.png', (file: string) => rm(file)],
    ['added', 'train/good/new.png', (file: string) => writePicture(file, 77)],
  ])('fails the experiment and names the file that was %s', async (what, name, change) => {
    const root = await dataset()
    const cwd = await temporaryFolder()
    const { experiments, stderr } = await changeWhileRunning(root, cwd, () => change(join(root, name)))
    const failed = experiments.find((experiment) => experiment.seed === 1)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'IM_IAD_E_DATA_CHANGED' } })
    expect(failed?.error?.message).toContain('dataset "folder" changed between plan and run')
    expect(failed?.error?.message).toContain(`${what} ${join(root, name)}`)
    expect(stderr).toContain(`${what} ${join(root, name)}`)
  })

  it('is found even where size and time of the file stay the same', async () => {
    const root = await dataset()
    const file = join(root, 'train', 'good', '3.png')
    const before = await stat(file)
    const { experiments } = await changeWhileRunning(root, await temporaryFolder(), async () => {
      // One level more: the same number of bytes.
      await writePicture(file, 31)
      await utimes(file, before.atime, before.mtime)
    })
    expect((await stat(file)).size).toBe(before.size)
    expect(experiments.find((experiment) => experiment.seed === 1)?.error?.message).toContain(`edited ${file}`)
  })

  it('is planned anew when the run is started again', async () => {
    const root = await dataset()
    const cwd = await temporaryFolder()
    await changeWhileRunning(root, cwd, () => writePicture(join(root, 'train', 'good', '1.png'), 200))
    const again = await changeWhileRunning(root, cwd, () => Promise.resolve())
    expect(again.experiments.map((experiment) => experiment.status)).toEqual(['done', 'done'])
  })

  it('while an experiment reads it fails that one, and names the file', async () => {
    const root = await dataset()
    const file = join(root, 'test', 'bad', '3.png')
    const { experiments } = await changeWhileRunning(root, await temporaryFolder(), () => writePicture(file, 250))
    expect(experiments[0]).toMatchObject({
      status: 'failed',
      error: { code: 'IM_IAD_E_DATA_CHANGED', message: expect.stringContaining(file) },
    })
  })
})
