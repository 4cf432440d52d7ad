import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The parts of a package.json that discovery reads; everything is checked before use. */
export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly imIad: unknown
  /** Names from the dependency fields asked for, without duplicates, in the file's order. */
  dependencies(fields: readonly DependencyField[]): readonly string[]
}

export type DependencyField = 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies'

/** Reads `directory`/package.json; `null` when there is none or it is not a JSON object (npm would complain of it, it is not ours to). */
export function readPackageManifest(directory: string): PackageManifest | null {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  } catch {
    return null
  }
  if (!isRecord(content)) return null
  const json = content
  return {
    name: text(json['name']) ?? directory,
    version: text(json['version']) ?? '0.0.0',
    imIad: json['imIad'],
    dependencies: (fields) => [...new Set(fields.flatMap((field) => (isRecord(json[field]) ? Object.keys(json[field]) : [])))],
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
