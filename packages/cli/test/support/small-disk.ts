import { spawnSync } from 'node:child_process'
import { temporaryFolder } from './im-iad.ts'

/** A file system of its own, in memory. */
export interface SmallDisk {
  readonly folder: string
  /** Mounts it again with other options: `size=16m`, `ro`, `rw`. */
  readonly change: (options: string) => void
  readonly remove: () => void
}

/** Why no file system can be mounted here; `null` when one can. */
export async function whyNoDisk(): Promise<string | null> {
  if (process.platform !== 'linux') return 'a tmpfs is a thing of Linux'
  const folder = await temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { encoding: 'utf8' })
  if (mounted.status !== 0) return `mount is not permitted here: ${(mounted.error?.message ?? mounted.stderr).trim()}`
  spawnSync('umount', [folder])
  return null
}

/** @param options - of tmpfs: `size=2m` */
export async function mountDisk(options: string): Promise<SmallDisk> {
  const folder = await temporaryFolder()
  run('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', folder)
  return {
    folder,
    change: (changed) => run('mount', '-o', `remount,${changed}`, folder),
    remove: () => run('umount', '-l', folder),
  }
}

function run(program: string, ...parameters: readonly string[]): void {
  const { status, stderr } = spawnSync(program, parameters, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')}: ${stderr}`)
}
