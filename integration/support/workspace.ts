import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What the tests read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly packageManager?: string
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly imIad?: { readonly provides: readonly { readonly kind: string; readonly id: string }[] }
}

export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
}

/** The folders of the packages that are published. */
export function publicPackages(root: string = ROOT): readonly string[] {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, 'packages', entry.name))
    .filter((directory) => readManifest(directory).private !== true)
}

/** The example of a third party's package. */
export const THIRD_PARTY: string = join(ROOT, 'examples', 'third-party-plugin')

/** Names, and beginnings of names, that come from our registry and nowhere else. */
export const OWN: readonly string[] = ['@im-iad/*', 'create-im-iad-plugin', '@globex/*', '@acme/*', 'im-iad-*']
