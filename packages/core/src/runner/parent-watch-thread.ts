import { isRecord } from '../discovery/package-manifest.ts'
import { workerData } from 'node:worker_threads'
import { endProcessGroup } from './parent-watch.ts'

/** How often to look, in milliseconds. */
const INTERVAL = 200

const data: unknown = workerData
const parent = isRecord(data) ? data['parent'] : null

setInterval(() => {
  if (process.ppid !== parent || !exists(parent)) endProcessGroup()
}, INTERVAL)

/** On Windows an orphan keeps its parent's number. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
