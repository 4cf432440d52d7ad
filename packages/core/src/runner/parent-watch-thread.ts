import { isRecord } from '../discovery/package-manifest.ts'
import { workerData } from 'node:worker_threads'
import { processExists } from '../store/process-exists.ts'
import { endProcessGroup } from './parent-watch.ts'

/** How often to look, in milliseconds. */
const INTERVAL = 200

const data: unknown = workerData
const parent = isRecord(data) ? data['parent'] : null

setInterval(() => {
  // On Windows an orphan keeps its parent's number.
  if (process.ppid !== parent || !processExists(parent)) endProcessGroup()
}, INTERVAL)
