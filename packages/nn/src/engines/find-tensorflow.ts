import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** With CUDA first: where it finds no GPU it computes on the CPU. */
export const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

/** TensorFlow's package as it was found. */
export interface FoundTensorflow {
  readonly package: string
  readonly version: string
  /** The path of its entry. */
  readonly entry: string
}

/** The folders whose installed packages are looked at: `IM_IAD_TENSORFLOW`, the working directory's project, what stands beside im-iad. */
export function tensorflowPlaces(environment: Readonly<Record<string, string | undefined>> = process.env): readonly string[] {
  const named = environment['IM_IAD_TENSORFLOW']
  return [...(named ? [resolve(named)] : []), process.cwd(), import.meta.dirname]
}

/** The first of {@link TENSORFLOW_PACKAGES} that is installed in one of the places, or `null`. Loads nothing. */
export function findTensorflow(places: readonly string[]): FoundTensorflow | null {
  for (const place of places)
    for (const name of TENSORFLOW_PACKAGES) {
      const found = find(name, place)
      if (found !== null) return found
    }
  return null
}

function find(name: string, place: string): FoundTensorflow | null {
  const require = createRequire(pathToFileURL(join(place, 'package.json')))
  try {
    const manifest = require.resolve(`${name}/package.json`)
    const { version }: { readonly version: string } = require(manifest)
    return { package: name, version, entry: require.resolve(dirname(manifest)) }
  } catch {
    // Not installed there, or without the entry that its manifest names: as good as none.
    return null
  }
}
