import { accessSync, constants } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { announced, faultyRun } from './support/faulty-run.ts'
import { imIad, IM_IAD, temporaryFolder, type Outcome } from './support/im-iad.ts'
import { runFolder } from './support/run-folder.ts'
import { mountDisk, whyNoDisk, type SmallDisk } from './support/small-disk.ts'

const reason = await whyNoDisk()
if (reason !== null) process.stderr.write(`skipped, full and read-only disks: ${reason}\n`)

const disks: SmallDisk[] = []
afterEach(() => {
  for (const disk of disks.splice(0)) disk.remove()
})

async function smallDisk(options: string): Promise<SmallDisk> {
  const disk = await mountDisk(options)
  disks.push(disk)
  return disk
}

/** Four experiments, all pictures kept. */
const RUN = faultyRun('none', '--seeds', '0,1,2,3', '--maps', 'all', '--workers', '2')

/** What the run leaves where nothing is in its way, and how much of a disk that takes. */
async function undisturbed(run: readonly string[]): Promise<{ readonly files: Readonly<Record<string, string>>; readonly bytes: number }> {
  const cwd = await temporaryFolder()
  expect((await imIad(run, { cwd })).code).toBe(0)
  const entries = await readdir(cwd, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(entries.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size))
  return { files: await runFolder(join(cwd, 'runs')), bytes: sizes.reduce((sum, size) => sum + Math.ceil(size / BLOCK) * BLOCK, 0) }
}

const BLOCK = 4096

function expectFull({ code, stderr, stdout }: Outcome, folder: string): void {
  expect(code).toBe(2)
  expect(stderr).toContain('cannot write to the run folder [IM_IAD_E_STORE]')
  expect(stderr).toContain(folder)
  expect(stderr).toContain('no space is left on the disk')
  expect(stderr).toContain('make space, then start the same command again: finished experiments are kept')
  expect(stdout).toBe('')
}

describe.skipIf(reason !== null)('a full disk', () => {
  it('is said, breaks nothing, fails no experiment, and is gone on from when there is space again', async () => {
    const disk = await smallDisk('size=2m')
    const { files, bytes } = await undisturbed(RUN)
    // What is left lasts for some of the experiments.
    await writeFile(join(disk.folder, 'filler'), Buffer.alloc(2 * 1024 * 1024 - 0.6 * bytes))
    expectFull(await imIad(RUN, { cwd: disk.folder }), join(disk.folder, 'runs', 'it'))
    const experiments = join(disk.folder, 'runs', 'it', 'experiments')
    const found = await Promise.all((await readdir(experiments)).map((hash) => readdir(join(experiments, hash))))
    const saved = found.filter((names) => names.includes('record.json')).length
    expect(saved).toBeGreaterThan(0)
    expect(saved).toBeLessThan(4)
    disk.change('size=16m')
    const { code, stderr } = await imIad(RUN, { cwd: disk.folder })
    expect(code).toBe(0)
    expect(stderr).toContain(`${saved} of 4 experiments had a record already`)
    expect(await runFolder(join(disk.folder, 'runs'))).toEqual(files)
  })

  it('is said when not even a lock can be written', async () => {
    const disk = await smallDisk('size=2m')
    await mkdir(join(disk.folder, 'runs', 'it'), { recursive: true })
    await writeFile(join(disk.folder, 'filler'), Buffer.alloc(4 * 1024 * 1024)).catch(() => undefined)
    expectFull(await imIad(RUN, { cwd: disk.folder }), join(disk.folder, 'runs', 'it'))
    expect(await readdir(join(disk.folder, 'runs', 'it'))).toEqual([])
    await rm(join(disk.folder, 'filler'))
    expect((await imIad(faultyRun('none'), { cwd: disk.folder })).code).toBe(0)
  })

  it('that a plugin filled with its scratch files is no failed experiment either', async () => {
    const disk = await smallDisk('size=2m')
    const run = faultyRun('fill-disk,none', '--workers', '2')
    expectFull(await imIad(run, { cwd: disk.folder }), join(disk.folder, 'runs', 'it'))
    expect((await imIad(faultyRun('none'), { cwd: disk.folder })).code).toBe(0)
  })

  it('is said with experiments in this process as well', async () => {
    const disk = await smallDisk('size=2m')
    await writeFile(join(disk.folder, 'filler'), Buffer.alloc(2 * 1024 * 1024 - 200 * 1024))
    expectFull(await imIad([...RUN, '--in-process'], { cwd: disk.folder }), join(disk.folder, 'runs', 'it'))
  })
})

describe.skipIf(reason !== null)('a read-only disk', () => {
  it('is said, with what to do', async () => {
    const disk = await smallDisk('size=2m')
    disk.change('ro')
    const { code, stderr, stdout } = await imIad(RUN, { cwd: disk.folder })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('cannot write to the run folder [IM_IAD_E_STORE]')
    expect(stderr).toMatch(/EROFS|read-only/)
    expect(stderr).toContain('--runs DIR')
  })

  it('that it becomes while experiments run is no failed experiment', async () => {
    const disk = await smallDisk('size=4m')
    const announcements = await temporaryFolder()
    const run = faultyRun('slow', '--seeds', '0,1', '--set', 'faulty.milliseconds=500')
    const { code, stderr } = await imIad(run, {
      cwd: disk.folder,
      env: { FAULTY_ANNOUNCE: announcements },
      onStart: () => void announced(announcements, 2).then(() => disk.change('ro')),
    })
    expect(stderr).toContain('cannot write to the run folder')
    expect(code).toBe(2)
    disk.change('rw')
    const again = await imIad(run, { cwd: disk.folder })
    expect(again.stderr).toContain('1 of 2 experiments had a record already, 1 to do')
    expect(await runFolder(join(disk.folder, 'runs'))).toEqual((await undisturbed(run)).files)
  })
})

/** Root may write anywhere, so the command runs as nobody, who must be able to read it. */
const NOBODY = 65_534

function whyNotNobody(): string | null {
  if (process.getuid?.() !== 0) return null
  const path = IM_IAD.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/') || '/')
  try {
    for (const part of path) accessSync(part, constants.X_OK | constants.R_OK)
    return null
  } catch (error) {
    return String(error)
  }
}

describe('a folder that may not be written to', () => {
  const why = whyNotNobody()
  if (why !== null) process.stderr.write(`skipped: root, and nobody can't read this checkout: ${why}\n`)

  it.skipIf(why !== null)('is said, with what to do', async () => {
    const cwd = await temporaryFolder()
    await chmod(cwd, 0o755)
    await mkdir(join(cwd, 'runs'))
    await chmod(join(cwd, 'runs'), 0o555)
    const user = process.getuid?.() === 0 ? { uid: NOBODY } : {}
    const { code, stderr } = await imIad(RUN, { cwd, ...user })
    expect(code).toBe(2)
    expect(stderr).toContain('cannot write to the run folder [IM_IAD_E_STORE]')
    expect(stderr).toContain('EACCES')
    expect(stderr).toContain('--runs DIR')
  })

  it('whose records are all there is still reported on', async () => {
    const cwd = await temporaryFolder()
    await imIad(faultyRun('none'), { cwd })
    expect(await readFile(join(cwd, 'runs', 'it', 'plan.json'), 'utf8')).toContain('"hash"')
    expect((await imIad(['report', 'it'], { cwd })).stdout).toContain('faulty')
  })
})
