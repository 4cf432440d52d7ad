import { readFile } from 'node:fs/promises'
import type { KeptMap } from '@im-iad/core'
import { isOwnFile } from './own-file.ts'

/**
 * The maps that an experiment's `maps/index.json` lists; entries that are none are left out.
 * @returns `null` when the file is damaged; empty when there is none
 */
export async function readIndex(file: string): Promise<readonly KeptMap[] | null> {
  if (!(await isOwnFile(file))) return []
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Array.isArray(content) ? content.filter(isKeptMap) : null
  } catch {
    return null
  }
}

function isKeptMap(value: unknown): value is KeptMap {
  if (typeof value !== 'object' || value === null) return false
  const fields: Partial<Record<keyof KeptMap, unknown>> = value
  const isText = (field: unknown): boolean => typeof field === 'string'
  const isTextOrNull = (field: unknown): boolean => field === null || isText(field)
  return (
    [fields.sample, fields.task, fields.label, fields.why, fields.picture].every(isText) &&
    [fields.defect, fields.map, fields.mask].every(isTextOrNull) &&
    typeof fields.score === 'number' &&
    typeof fields.rank === 'number'
  )
}
