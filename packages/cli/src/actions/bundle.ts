import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { RECORD_SCHEMA } from '@im-iad/core'
import { platformText } from '../bundle/bundle-readme.ts'
import { chooseWeights, parseWeightsChoice, type AvailableWeights } from '../bundle/bundled-weights.ts'
import { choosePackages } from '../bundle/choose-packages.ts'
import { makeBundle, type Bundle } from '../bundle/make-bundle.ts'
import { parsePlatform, type BundlePlatform } from '../bundle/platform.ts'
import type { BundleFlags } from '../commands/bundle.ts'
import type { ImIadContext } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { COMMAND_DIRECTORY, findPlugins } from '../find-plugins.ts'
import { megabytes } from '../weights/errors.ts'
import { weightsFolder } from '../weights/weights-folder.ts'

/** `im-iad bundle`. */
export async function bundleAction(this: ImIadContext, flags: BundleFlags, ...named: readonly string[]): Promise<void> {
  const platform = parsePlatform(flags.platform)
  const { workingDirectory, environment, signal } = this
  const registry = findPlugins(this, flags.plugin ?? [])
  const found = registry.discovery.plugins
  const sources = choosePackages({ named, found, commandDirectory: COMMAND_DIRECTORY, workingDirectory })
  const weights = await chooseWeights(parseWeightsChoice(flags.weights), weightsFolder(environment), registry, (error) =>
    this.say(describeError(error)),
  )
  const root = `im-iad-${commandVersion()}-${platform.name}`
  const file = resolve(workingDirectory, flags.out ?? `${root}.tgz`)
  try {
    const bundle = await makeBundle({ platform, sources, weights, file, root, environment, signal, onStep: (text) => this.say(text) })
    this.print(flags.json ? JSON.stringify(bundleDocument(bundle, platform, root, weights)) : bundleText(bundle, platform, root, weights))
  } catch (error) {
    if (!signal.aborted) throw error
    this.say('im-iad: interrupted; no bundle was written')
    this.exitWith(130)
  }
}

function commandVersion(): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(resolve(COMMAND_DIRECTORY, 'package.json'), 'utf8'))
  return version
}

function bundleDocument(bundle: Bundle, platform: BundlePlatform, root: string, weights: readonly AvailableWeights[]): object {
  const { file, bytes, sha256, files, unpackedBytes, requested, packages, plugins, pruned } = bundle
  return {
    schema: RECORD_SCHEMA,
    file,
    bytes,
    sha256,
    platform: platform.name,
    folder: root,
    files,
    unpackedBytes,
    requested,
    packages,
    plugins,
    weights: weights.map(({ backbone, file: name, size, sha256: hash, license }) => ({
      backbone,
      file: name,
      size,
      sha256: hash,
      license,
    })),
    pruned,
  }
}

function bundleText(bundle: Bundle, platform: BundlePlatform, root: string, weights: readonly AvailableWeights[]): string {
  const { file, bytes, sha256, files, unpackedBytes, requested, packages, plugins, pruned } = bundle
  const asked = packages.filter(({ name }) => requested.includes(name))
  const others = packages.length - asked.length
  const sizes = weights.map((one) => `${one.file}${one.size === null ? '' : `, ${megabytes(one.size)}`}`)
  const ids = plugins.filter(({ kind }) => kind !== 'metric').map(({ kind, id }) => `${kind} ${id}`)
  return [
    `bundle    ${file}`,
    `size      ${megabytes(bytes)}; ${megabytes(unpackedBytes)} in ${files} files unpacked`,
    `SHA-256   ${sha256}`,
    `for       ${platformText(platform)} with Node 20.19 or newer`,
    `packages  ${asked.map(({ name, version }) => `${name}@${version}`).join(', ')}; ${others} that they need`,
    `plugins   ${ids.join(', ')}`,
    `weights   ${sizes.length === 0 ? 'none but those that come with packages' : sizes.join('; ')}`,
    `left out  ${pruned.files === 0 ? 'nothing' : `${pruned.files} binaries of other platforms, ${megabytes(pruned.bytes)}`}`,
    `there     tar -xzf ${basename(file)}, then node ${root}/install.mjs`,
  ].join('\n')
}
