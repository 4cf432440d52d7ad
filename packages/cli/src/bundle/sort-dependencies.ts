import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'

const RANGES = z.record(z.string(), z.string()).optional()
const MANIFEST = z.looseObject({ dependencies: RANGES, peerDependencies: RANGES, optionalDependencies: RANGES, devDependencies: RANGES })

/** Puts the dependencies in a package.json in the order of their names: pnpm writes those of a workspace in whatever order it has looked them up. */
export async function sortDependencies(path: string): Promise<void> {
  const manifest = MANIFEST.parse(JSON.parse(await readFile(path, 'utf8')))
  const sorted = Object.entries(manifest).map(([key, value]) => [key, Object.hasOwn(MANIFEST.shape, key) ? sortKeys(value) : value])
  await writeFile(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
}

function sortKeys(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value
}
