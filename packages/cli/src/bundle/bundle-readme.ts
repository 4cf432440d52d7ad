import type { AvailableWeights } from './bundled-weights.ts'
import type { BundlePlatform } from './platform.ts'

export interface BundleDescription {
  readonly platform: BundlePlatform
  /** Packages that were asked for, as `name@version`. */
  readonly packages: readonly string[]
  readonly plugins: readonly { readonly kind: string; readonly id: string; readonly package: string }[]
  readonly weights: readonly AvailableWeights[]
}

const SYSTEMS = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' } as const

/** `Linux on x64 (glibc)`. */
export function platformText({ os, cpu, libc }: BundlePlatform): string {
  return `${SYSTEMS[os]} on ${cpu}${libc === null ? '' : ` (${libc})`}`
}

/** The README inside a bundle, in Markdown. */
export function bundleReadme({ platform, packages, plugins, weights }: BundleDescription): string {
  const command = platform.os === 'win32' ? 'bin\\im-iad' : 'bin/im-iad'
  const kinds = [...new Set(plugins.map(({ kind }) => kind))].filter((kind) => kind !== 'metric')
  const idsOf = (kind: string): string =>
    plugins
      .filter((plugin) => plugin.kind === kind)
      .map(({ id }) => `\`${id}\``)
      .join(', ')
  const canTry = plugins.some(({ kind, id }) => kind === 'dataset' && id === 'folder')
  const tryLine = `\n    ${command} try FOLDER         a folder of pictures in, a decision out`
  return `# im-iad without a network

For ${platformText(platform)} with Node 20.19 or newer. Nothing here needs a network, an administrator, or npm.

    node install.mjs              checks every file against SHA256SUMS, and that this machine can run it
    node install.mjs --to FOLDER  the same, and copies it to a folder that is not there yet
    ${command} list               what can be used${canTry ? tryLine : ''}
    ${command} --help

The folder may lie anywhere and be moved; a link to \`bin/im-iad\`, or \`bin\` on the PATH, makes the command known everywhere.

Weights lie in \`home/weights\`. \`home\` is used as IM_IAD_HOME, unless you set that yourself: then take the weights over with \`im-iad weights add FILE\`.

## What is inside

${packages.map((name) => `- ${name}`).join('\n')}

${kinds.map((kind) => `${kind}: ${idsOf(kind)}`).join('  \n')}

${weights.length === 0 ? 'No downloaded weights.' : weights.map(({ backbone, file, license }) => `- weights \`${file}\`${backbone === null ? '' : ` of ${backbone}`}${license === null ? '' : `, licence ${license}`}`).join('\n')}

\`bundle.json\` lists every package with its version. Their licences lie beside them in \`node_modules\`.
`
}
