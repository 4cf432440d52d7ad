import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The parts of a package.json that discovery reads; everything is checked before use. */
export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly imIad: unknown
  /** Names from the dependency fields asked for, without duplicates, in the file's order. */
  dependencies(fields: readonly DependencyField[]): readonly string[]
  /** The range that a field gives for a package; `null` where the field does not name it. */
  range(field: DependencyField, name: string): string | null
}

export type DependencyField = 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies'

export type ManifestFile =
  | { readonly state: 'read'; readonly manifest: PackageManifest }
  /** It is there and can't be used. `problem` is a clause about it. */
  | { readonly state: 'broken'; readonly problem: string }
  | { readonly state: 'absent' }

/** Reads `directory`/package.json. */
export function readPackageManifest(directory: string): ManifestFile {
  let content: string
  try {
    content = readFileSync(join(directory, 'package.json'), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { state: 'absent' }
      : { state: 'broken', problem: `package.json cannot be read: ${String(error)}` }
  }
  let json: unknown
  try {
    json = JSON.parse(content.replace(/^\uFEFF/, ''))
  } catch (error) {
    return { state: 'broken', problem: `package.json is no JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  return isRecord(json)
    ? { state: 'read', manifest: manifestOf(json, directory) }
    : { state: 'broken', problem: 'package.json is no JSON object' }
}

function manifestOf(json: Readonly<Record<string, unknown>>, directory: string): PackageManifest {
  const field = (name: DependencyField): Readonly<Record<string, unknown>> => {
    const value = json[name]
    return isRecord(value) ? value : {}
  }
  return {
    name: text(json['name']) ?? directory,
    version: text(json['version']) ?? '0.0.0',
    imIad: json['imIad'],
    dependencies: (fields) => [...new Set(fields.flatMap((name) => Object.keys(field(name))))],
    range: (name, dependency) => (Object.hasOwn(field(name), dependency) ? (text(field(name)[dependency]) ?? null) : null),
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
