import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { platform } from 'node:os'
import { promisify } from 'node:util'
import { processExists } from './process-exists.ts'

/** Tells a process from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in a form that is only good for comparing; `null` where the system doesn't say. */
  readonly started: string | null
}

export async function identifyProcess(pid: number): Promise<ProcessIdentity> {
  return { pid, started: (await lookAt(pid))?.started ?? null }
}

/** Whether that very process still runs on this machine. One that has ended and was never waited for (a zombie) does not. */
export async function isRunning({ pid, started }: ProcessIdentity): Promise<boolean> {
  if (!processExists(pid)) return false
  const seen = await lookAt(pid)
  if (seen === null) return true
  return !seen.ended && (started === null || seen.started === started)
}

/** Kills a process that was started with `detached`, and what it started in turn, unless that took a group of its own. Nobody left is no error. */
export function killGroup(leader: number): void {
  try {
    // Windows has no groups.
    process.kill(platform() === 'win32' ? leader : -leader, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}

interface SeenProcess {
  readonly started: string
  readonly ended: boolean
}

function lookAt(pid: number): Promise<SeenProcess | null> {
  return (platform() === 'linux' ? lookAtProc(pid) : lookThroughPs(pid)).catch(() => null)
}

/** proc(5): the fields after the command's name, which may hold anything, are the state and, 19 further on, ticks from boot to start. */
async function lookAtProc(pid: number): Promise<SeenProcess | null> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8')
  const [state = '', ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ')
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const ticks = fields[18]
  return ticks === undefined ? null : { started: `${boot.trim()} ${ticks}`, ended: state === 'Z' || state === 'X' }
}

/** POSIX systems without /proc; where there is no ps either, the number alone has to do. */
async function lookThroughPs(pid: number): Promise<SeenProcess | null> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)])
  const [, state = '', started = ''] = /^\s*(\S+)\s+(.*\S)/.exec(stdout) ?? []
  return started === '' ? null : { started, ended: state.startsWith('Z') }
}
