import type { Readable } from 'node:stream'

/** What of one experiment's output is kept: plugins may print for ever, and lines may never end. */
const LONGEST_LINE = 8192
const MOST_CHARACTERS = 4 * 1024 * 1024

/** Passes on what a process prints, line by line, until it has printed more than anyone reads; after that it is still read, and dropped. */
export function captureOutput(streams: readonly (Readable | null | undefined)[], onLine: (line: string) => void): void {
  let remaining = MOST_CHARACTERS
  const pass = (line: string): void => {
    if (remaining <= 0) return
    remaining -= line.length + 1
    onLine(line.slice(0, LONGEST_LINE))
    if (remaining <= 0) onLine(`… it prints more than ${MOST_CHARACTERS} characters; the rest is not kept`)
  }
  // A process that could not be started has none.
  for (const stream of streams) if (stream) passLines(stream, pass)
}

function passLines(stream: Readable, pass: (line: string) => void): void {
  let unfinished = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (unfinished + text).split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) pass(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (unfinished.length <= LONGEST_LINE) return
    pass(unfinished)
    unfinished = ''
  })
  stream.on('end', () => {
    if (unfinished !== '') pass(unfinished)
  })
  // A pipe that breaks has nothing more to say.
  stream.on('error', () => undefined)
}
