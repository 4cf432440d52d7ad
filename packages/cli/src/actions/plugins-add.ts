import { RECORD_SCHEMA } from '@im-iad/core'
import type { AddFlags } from '../commands/managed-plugins.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { addPackages, type AddedPackage } from '../managed/add-packages.ts'
import { managedFolder } from '../managed/managed-folder.ts'
import { parseRequest } from '../managed/requested-package.ts'
import { unlessInterrupted } from '../managed/unless-interrupted.ts'
import { problemText } from '../say-problems.ts'

/** `im-iad plugins add`. */
export async function pluginsAddAction(this: ImIadContext, flags: AddFlags, ...requested: readonly string[]): Promise<void> {
  const folder = managedFolder(this)
  const requests = requested.map((text) => parseRequest(text, this.workingDirectory))
  this.say(`installing with npm into ${folder}`)
  const added = await unlessInterrupted(this, addPackages(requests, { folder, environment: this.environment, signal: this.signal }))
  if (added === null) return
  const notes = findPlugins(this, []).discovery.problems.filter((problem) => added.some((one) => one.package === problem.package))
  if (flags.json) {
    const packages = added.map(({ package: name, version, previous, directory: path, plugins }) => ({
      package: name,
      version,
      previous,
      path,
      plugins,
    }))
    return this.print(JSON.stringify({ schema: RECORD_SCHEMA, folder, packages, problems: notes }))
  }
  for (const one of added)
    this.print(
      `${headline(one)}\n  provides  ${one.plugins.map(({ kind, id }) => `${kind} ${id}`).join(', ')}\n  found in  ${one.directory}`,
    )
  for (const note of notes) this.say(problemText(note))
}

function headline({ package: name, version, previous }: AddedPackage): string {
  if (previous === null) return `added ${name}@${version}`
  return previous === version ? `${name}@${version} was there already` : `changed ${name} from ${previous} to ${version}`
}
