import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { FAULTY_PLUGINS, TOY_PLUGINS } from './im-iad.ts'

/** `run` with the toy dataset and the algorithm that misbehaves. */
export function faultyRun(fault: string, ...more: readonly string[]): readonly string[] {
  const plugins = ['--plugin', TOY_PLUGINS, '--plugin', FAULTY_PLUGINS]
  return [
    'run',
    ...plugins,
    '-d',
    'toy',
    '-c',
    'left',
    '-a',
    'faulty',
    '-p',
    'toy-split',
    '--set',
    `faulty.fault=${fault}`,
    '--run',
    'it',
    ...more,
  ]
}

/** What `im-iad run --json` prints of its experiments. */
export interface RunDocument {
  readonly experiments: readonly {
    readonly hash: string
    readonly status: string
    readonly seed: number
    readonly measured: { readonly startedAt: string; readonly seconds: Readonly<Record<string, number>> }
    readonly error: { readonly code: string; readonly message: string } | null
  }[]
}

/** The processes that announced themselves in a folder (FAULTY_ANNOUNCE), as soon as there are so many. */
export async function announced(folder: string, count: number): Promise<readonly number[]> {
  for (;;) {
    const pids = await Promise.all(
      (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map((name) => readFile(join(folder, name), 'utf8')),
    )
    if (pids.length >= count && pids.every((pid) => pid !== '')) return pids.map(Number)
    await wait(20)
  }
}

/** Resolves when the process is gone; a zombie is. @throws when it is still there after so many milliseconds */
export async function gone(pid: number, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  while (await exists(pid)) {
    if (performance.now() > end) throw new Error(`process ${pid} still runs`)
    await wait(20)
  }
}

async function exists(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(status)
}
