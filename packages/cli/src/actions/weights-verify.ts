import { RECORD_SCHEMA } from '@im-iad/core'
import type { PluginFlags } from '../commands/plugin-flags.ts'
import type { ImIadContext } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { findPlugins } from '../find-plugins.ts'
import { cachedWeights, type CachedWeights } from '../weights/cached-weights.ts'
import { allPublishedWeights, findPublishedWeights } from '../weights/published-weights.ts'
import { hashFile, weightsFolder } from '../weights/weights-folder.ts'

/** `unknown`: nobody noted what it should be. */
type Verdict = 'sound' | 'damaged' | 'missing' | 'unknown'

interface Verified extends Pick<CachedWeights, 'backbone' | 'file' | 'path' | 'sha256'> {
  readonly verdict: Verdict
  /** What the file has; `null` when it is missing. */
  readonly actual: string | null
}

/** `im-iad weights verify`: hashes every cached file again. Exits 1 when one is damaged, or one that was named is missing. */
export async function weightsVerifyAction(this: ImIadContext, flags: PluginFlags, ...ids: readonly string[]): Promise<void> {
  const registry = findPlugins(this, flags.plugin ?? [])
  const published =
    ids.length > 0
      ? await Promise.all(ids.map((id) => findPublishedWeights(registry, id)))
      : await allPublishedWeights(registry, (error) => this.say(describeError(error)))
  const directory = weightsFolder(this.environment)
  const rows = (await cachedWeights(directory, published)).filter(({ backbone, status }) =>
    ids.length > 0 ? backbone !== null : status === 'cached',
  )
  const weights: Verified[] = []
  for (const row of rows) weights.push(await verify(row, this.signal))
  if (weights.some(({ verdict }) => verdict === 'damaged' || verdict === 'missing')) this.exitWith(1)
  if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, directory, weights }))
  if (weights.length === 0) this.print(`nothing to verify in ${directory}`)
  for (const one of weights) this.print(verdictText(one))
}

async function verify({ backbone, file, path, sha256, status }: CachedWeights, signal: AbortSignal): Promise<Verified> {
  if (status !== 'cached') return { backbone, file, path, sha256, verdict: 'missing', actual: null }
  const actual = await hashFile(path, signal)
  return { backbone, file, path, sha256, verdict: sha256 === null ? 'unknown' : actual === sha256 ? 'sound' : 'damaged', actual }
}

function verdictText({ backbone, file, sha256, verdict, actual }: Verified): string {
  const head = `${verdict.padEnd(8)}  ${file}${backbone === null ? '' : `  (${backbone})`}`
  const remedy = backbone === null ? 'add it again' : `im-iad weights pull ${backbone}`
  if (verdict === 'damaged') return `${head}\n  problem: its SHA-256 is ${actual}; it should be ${sha256}\n  fix:     ${remedy}`
  if (verdict === 'missing') return `${head}\n  fix:     ${remedy}`
  return verdict === 'unknown' ? `${head}\n  SHA-256 ${actual}; nobody noted what it should be` : head
}
