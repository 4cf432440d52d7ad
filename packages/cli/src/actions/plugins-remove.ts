import { nearest, RECORD_SCHEMA, type Discovery } from '@im-iad/core'
import type { RemoveFlags } from '../commands/managed-plugins.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { managedFolder } from '../managed/managed-folder.ts'
import { removePackages } from '../managed/remove-packages.ts'
import { unlessInterrupted } from '../managed/unless-interrupted.ts'

/** `im-iad plugins remove`. */
export async function pluginsRemoveAction(this: ImIadContext, flags: RemoveFlags, ...names: readonly string[]): Promise<void> {
  const folder = managedFolder(this)
  const { discovery } = findPlugins(this, [])
  const outcome = await unlessInterrupted(this, removePackages(names, { folder, environment: this.environment, signal: this.signal }))
  if (outcome === null) return
  const { removed, absent } = outcome
  for (const name of absent) this.say(`${name} is not among the added plugins${hint(name, discovery)}`)
  if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, folder, removed, absent }))
  for (const name of removed) this.print(`removed ${name}`)
}

/** Where a package is that was not added with this command, or which one was meant. */
function hint(name: string, { plugins }: Discovery): string {
  const elsewhere = plugins.find((plugin) => plugin.package === name)
  if (elsewhere !== undefined) return `: it was declared by ${elsewhere.declaredBy}; remove it there`
  const managed = plugins.filter((plugin) => plugin.foundIn === 'managed')
  const provider = managed.find((plugin) => plugin.id === name)?.package
  const similar = provider ?? nearest(name, new Set(managed.map((plugin) => plugin.package)))
  return similar === undefined ? '' : `; did you mean "${similar}"?`
}
