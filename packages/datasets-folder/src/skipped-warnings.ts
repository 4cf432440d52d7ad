import { extname } from 'node:path'
import { count } from './category-contents.ts'

/** One sentence on files that are no pictures, by extension; none where there are none. */
export function skippedWarnings(files: readonly string[]): readonly string[] {
  if (files.length === 0) return []
  const amounts = new Map<string, number>()
  for (const file of files) amounts.set(kind(file), (amounts.get(kind(file)) ?? 0) + 1)
  const listed = [...amounts].map(([extension, amount]) => `${amount} ${extension}`).join(', ')
  const advice =
    amounts.has('.heic') || amounts.has('.heif') ? ' HEIC has to be converted first: to JPEG or PNG, by any picture program.' : ''
  return [`${count(files.length, 'file')} skipped that im-iad does not read as pictures: ${listed}.${advice}`]
}

function kind(file: string): string {
  return extname(file).toLowerCase() || 'without extension'
}
