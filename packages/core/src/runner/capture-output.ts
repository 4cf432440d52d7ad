import type { Readable } from 'node:stream'

/** What of one experiment's output is kept: plugins may print for ever, and lines may never end. */
const LONGEST_LINE = 8192
const MOST_CHARACTERS = 4 * 1024 * 1024

/** Passes on lines until there are more than anyone reads; the rest is dropped, and that is said. */
export function limitLines(onLine: (line: string) => void): (line: string) => void {
  let remaining = MOST_CHARACTERS
  return (line) => {
    if (remaining <= 0) return
    remaining -= line.length + 1
    onLine(line.slice(0, LONGEST_LINE))
    if (remaining <= 0) onLine(`… there are more than ${MOST_CHARACTERS} characters; the rest is not kept`)
  }
}

/** Passes on what a process prints, line by line, a line that does not end in pieces. */
export function captureOutput(streams: readonly (Readable | null | undefined)[], onLine: (line: string) => void): void {
  // A process that could not be started has none.
  for (const stream of streams) if (stream) passLines(stream, onLine)
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
