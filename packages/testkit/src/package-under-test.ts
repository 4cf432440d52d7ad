import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspectPackage, nearest, readPackageManifest, type DiscoveredPlugin } from '@im-iad/core'
import { bindChecks, type CheckConditions, type CheckGroup } from './check-group.ts'
import { packageChecks } from './checks/package-checks.ts'
import { noPluginPackage, unknownKnownFailure, unknownSelection } from './errors/conformance-errors.ts'
import { DEFAULT_TIME_LIMIT, type ConformanceOptions } from './options.ts'
import { openPluginGroup } from './plugin-group.ts'
import type { PackageSubject } from './subjects/package-subject.ts'

/** A package with its checks, none of them run yet. */
export interface PackageUnderTest {
  readonly name: string
  readonly version: string
  readonly directory: string
  readonly groups: readonly CheckGroup[]
  /** Removes what the checks left on the disk. */
  readonly dispose: () => Promise<void>
}

/**
 * Reads a package's manifest and loads each plugin that it provides from its built entry.
 * @param folder - the package's own folder, the one with package.json
 * @throws ImIadError IM_IAD_E_NO_PLUGIN when it is no plugin package; a plugin that does not load is a failed check instead
 */
export async function openPackage(folder: string | URL, options: ConformanceOptions = {}): Promise<PackageUnderTest> {
  const directory = resolve(typeof folder === 'string' ? folder : fileURLToPath(folder))
  const read = inspectPackage({ directory, declaredBy: 'the conformance suite', foundIn: 'requested' })
  if (read === null || !read.announces || readPackageManifest(directory).state !== 'read') throw noPluginPackage(directory)
  const manifest: Readonly<Record<string, unknown>> = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  const subject: PackageSubject = { directory, manifest, plugins: read.plugins, problems: read.problems }
  const opened = await Promise.all(
    selectPlugins(read.plugins, options.plugins).map((location) => openPluginGroup(location, options, conditionsOf(options, location.id))),
  )
  const groups = [
    { plugin: null, checks: bindChecks(packageChecks, subject, conditionsOf(options, null)) },
    ...opened.map(({ group }) => group),
  ]
  refuseUnknown(options, groups)
  const { name = directory, version = '0.0.0' } = manifest
  return {
    name: String(name),
    version: String(version),
    directory,
    groups,
    dispose: async () => void (await Promise.all(opened.map((one) => one.dispose()))),
  }
}

function selectPlugins(plugins: readonly DiscoveredPlugin[], wanted: readonly string[] | undefined): readonly DiscoveredPlugin[] {
  if (wanted === undefined) return plugins
  const known = plugins.map((plugin) => plugin.id)
  const unknown = wanted.filter((id) => !known.includes(id))
  if (unknown.length > 0) throw unknownSelection(unknown, known)
  return plugins.filter((plugin) => wanted.includes(plugin.id))
}

function conditionsOf({ knownFailures = {}, timeLimit = DEFAULT_TIME_LIMIT }: ConformanceOptions, plugin: string | null): CheckConditions {
  return {
    knownFailure: (check) => (plugin === null ? undefined : knownFailures[`${plugin}/${check}`]) ?? knownFailures[check] ?? null,
    timeLimit,
    release: () => Promise.resolve(),
  }
}

function refuseUnknown({ knownFailures = {} }: ConformanceOptions, groups: readonly CheckGroup[]): void {
  const known = groups.flatMap(({ plugin, checks }) => checks.flatMap(({ id }) => (plugin === null ? [id] : [id, `${plugin.id}/${id}`])))
  for (const name of Object.keys(knownFailures)) if (!known.includes(name)) throw unknownKnownFailure(name, nearest(name, known))
}
