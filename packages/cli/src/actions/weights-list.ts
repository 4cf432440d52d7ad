import { RECORD_SCHEMA } from '@im-iad/core'
import type { PluginFlags } from '../commands/plugin-flags.ts'
import type { ImIadContext } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { findPlugins } from '../find-plugins.ts'
import { cachedWeights, type CachedWeights } from '../weights/cached-weights.ts'
import { megabytes } from '../weights/errors.ts'
import { allPublishedWeights } from '../weights/published-weights.ts'
import { weightsFolder } from '../weights/weights-folder.ts'

/** `im-iad weights list`. */
export async function weightsListAction(this: ImIadContext, flags: PluginFlags): Promise<void> {
  const published = await allPublishedWeights(findPlugins(this, flags.plugin ?? []), (error) => this.say(describeError(error)))
  const directory = weightsFolder(this.environment)
  const weights = await cachedWeights(directory, published)
  if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, directory, weights }))
  this.print(`in ${directory}`)
  if (weights.length === 0) this.print('  nothing, and no installed backbone has weights to download')
  for (const one of weights) this.print(rowText(one))
}

function rowText(one: CachedWeights): string {
  const { backbone, file, status, size, sha256, license, trainedOn, url, revision, origin } = one
  const where = {
    cached: 'cached',
    partial: `begun; im-iad weights pull ${backbone} goes on`,
    missing: `not here; im-iad weights pull ${backbone}`,
  }[status]
  const lines = [
    `${backbone ?? file}  ${where}${size === null ? '' : `, ${megabytes(size)}`}`,
    backbone === null ? null : `  file        ${file}`,
    backbone === null ? '  backbone    no installed one publishes it' : null,
    sha256 === null ? null : `  SHA-256     ${sha256}`,
    license === null ? null : `  licence     ${license}`,
    trainedOn === null ? null : `  trained on  ${trainedOn}`,
    url === null ? null : `  published   ${url}${revision === null ? '' : ` (${revision})`}`,
    origin === null
      ? null
      : `  from        ${origin.from}${origin.member === null ? '' : ` (${origin.member})`}, ${origin.at.slice(0, 10)}`,
  ]
  return lines.filter((line) => line !== null).join('\n')
}
