import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from '../discovery/package-manifest.ts'
import { canonicalJson } from '../plan/canonical-json.ts'
import { sha256 } from './file-hashes.ts'
import { sourceName, type FingerprintedSample } from './sample-facts.ts'

/** What a data fingerprint was made of: a hash by the name of every file, and by every sample's id one of its description. */
export interface DataManifest {
  readonly files: Readonly<Record<string, string>>
  readonly descriptions: Readonly<Record<string, string>>
}

/** `runs/<name>/work/data/<fingerprint>.json`. */
export function dataManifestFile(runDirectory: string, fingerprint: string): string {
  return join(runDirectory, 'work', 'data', `${fingerprint}.json`)
}

export function dataManifest(samples: readonly FingerprintedSample[]): DataManifest {
  const files: Record<string, string> = {}
  const descriptions: Record<string, string> = {}
  for (const { sample, facts, maskFingerprints } of samples) {
    const { sha256: picture, ...described } = facts
    files[sourceName(sample.image)] = picture
    for (const [index, mask] of sample.masks.entries()) files[sourceName(mask.image)] = maskFingerprints[index] ?? ''
    descriptions[facts.id] = sha256(canonicalJson({ ...described, saturation: sample.masks.map((mask) => mask.saturationArea ?? null) }))
  }
  return { files, descriptions }
}

export async function readDataManifest(file: string): Promise<DataManifest | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isRecord(value) && isRecord(value['files']) && isRecord(value['descriptions']) ? (value as unknown as DataManifest) : null
  } catch {
    return null
  }
}

/** What differs, as `removed FILE`, `added FILE`, `edited FILE` or `described otherwise: SAMPLE`. */
export function compareData(before: DataManifest, after: DataManifest): readonly string[] {
  const changes: string[] = []
  for (const [file, hash] of Object.entries(before.files)) {
    const now = after.files[file]
    if (now === undefined) changes.push(`removed ${file}`)
    else if (now !== hash) changes.push(`edited ${file}`)
  }
  for (const file of Object.keys(after.files)) if (before.files[file] === undefined) changes.push(`added ${file}`)
  if (changes.length > 0) return changes
  return Object.entries(before.descriptions)
    .filter(([id, description]) => after.descriptions[id] !== description)
    .map(([id]) => `described otherwise: ${id}`)
}
