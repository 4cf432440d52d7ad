import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { MARK, type ImportReport, type ProcessJob, type ProcessMessage, type Reloaded } from './process-job.ts'

/** What was seen of a fresh process. */
export interface ProcessReport {
  /** `null` when importing the entry ended the process. */
  readonly imported: ImportReport | null
  /** What importing printed, to either stream. */
  readonly importOutput: string
  readonly reloaded: Reloaded | null
  /** What was printed to standard output afterwards. */
  readonly output: string
  /** Why the job was not carried out to its end, or `null`. */
  readonly failure: string | null
}

const ENTRY = fileURLToPath(new URL('./child-entry.js', import.meta.url))

/** How long a job may take: import, load, fit and predict a handful of pictures. */
const LIMIT_MILLISECONDS = 120_000

/** How long the process may take to end once it is done. */
const ENDING_MILLISECONDS = 1_000

/** Carries a job out in a process of its own. */
export function runProcess(job: ProcessJob): Promise<ProcessReport> {
  const child = fork(ENTRY, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'advanced' })
  let [output, errors, failure] = ['', '', null as string | null]
  let imported: ImportReport | null = null
  let reloaded: Reloaded | null = null
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  let errorsAtImport = ''
  child.on('message', (message: ProcessMessage) => {
    if (message.kind === 'reloaded') reloaded = message.reloaded
    else if (message.kind === 'failed') failure = message.message
    else {
      imported = message.report
      errorsAtImport = errors
    }
  })
  const limit = setTimeout(() => {
    failure = `it was still busy after ${LIMIT_MILLISECONDS / 1000} seconds`
    child.kill('SIGKILL')
  }, LIMIT_MILLISECONDS)
  let ending: NodeJS.Timeout | undefined
  child.once('disconnect', () => {
    ending = setTimeout(() => child.kill('SIGKILL'), ENDING_MILLISECONDS)
  })
  child.send(job)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      clearTimeout(ending)
      if (imported === null) failure ??= `the process ended (${signal ?? `exit code ${code}`})`
      const [importOutput = '', ...later] = output.split(MARK)
      resolve({ imported, importOutput: importOutput + errorsAtImport, reloaded, output: later.join(''), failure })
    })
  })
}
