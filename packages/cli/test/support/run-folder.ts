import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'

/**
 * Every file of a run folder by its path: SHA-256 of its bytes, those of record.json without the key `measured`, those of log.jsonl without times.
 * Two runs of one plan agree in all of it.
 */
export async function runFolder(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  const hashed = await Promise.all(files.toSorted().map(async (file) => [relative(directory, file), await stableHash(file)] as const))
  return Object.fromEntries(hashed)
}

async function stableHash(file: string): Promise<string> {
  const bytes = await readFile(file)
  return createHash('sha256')
    .update(stableBytes(basename(file), bytes))
    .digest('hex')
}

function stableBytes(name: string, bytes: Buffer): Buffer | string {
  if (name === 'record.json') return withoutMeasured(bytes.toString('utf8'))
  if (name === 'log.jsonl') return bytes.toString('utf8').replaceAll(/"at":"[^"]*",/g, '')
  return bytes
}

/** The text of a record without its last key. */
function withoutMeasured(text: string): string {
  const start = text.indexOf(',\n "measured": {\n')
  if (start < 0 || !text.endsWith('\n }\n}\n')) throw new Error('the record has no key "measured", or not as its last')
  return text.slice(0, start)
}
