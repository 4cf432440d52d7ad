import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, ROOT } from './steps.mjs'

/**
 * The folders of the packages that are published.
 * @param {(manifest: { readonly publishConfig?: { readonly provenance?: boolean } }) => boolean} [chosen] those of them that are wanted
 */
export function publicPackages(chosen = () => true) {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name))
    .filter((folder) => {
      const manifest = readManifest(folder)
      return manifest !== null && manifest.private !== true && chosen(manifest)
    })
}

/** Packs all of them as they would be published. @returns {readonly { folder: string, name: string, bytes: number, files: readonly string[] }[]} */
export function packAll(destination) {
  run(pnpm('--recursive', '--filter', './packages/*', 'pack', '--pack-destination', destination))
  return publicPackages().map((folder) => {
    const { name, version } = readManifest(folder)
    const archive = join(destination, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
    const files = run(['tar', '-tzf', archive])
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^package\//, ''))
    return { folder, name, bytes: statSync(archive).size, files: files.toSorted() }
  })
}

/**
 * What a package's archive holds, and nothing else: package.json, README, licence; two files for each source; of every other folder that `files` names, what git
 * knows. So tests, source maps, build information and what was left in dist by a source that is gone are all found out.
 */
export function expectedFiles(folder) {
  const { files } = readManifest(folder)
  const others = files.filter((entry) => entry !== 'dist' && !entry.startsWith('!'))
  return [
    'package.json',
    'README.md',
    'LICENSE',
    ...filesUnder(folder, 'src')
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => ['js', 'd.ts'].map((ending) => path.replace(/^src\//, 'dist/').replace(/ts$/, ending))),
    ...others.flatMap((entry) => filesUnder(folder, entry)),
  ].toSorted()
}

/** What git knows or would know if it were added; relative to `folder`. */
function filesUnder(folder, entry) {
  return run(['git', 'ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', entry], folder)
    .split('\n')
    .filter((line) => line !== '' && statSync(join(folder, line), { throwIfNoEntry: false }) !== undefined)
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  } catch {
    return null
  }
}

function run([program, ...parameters], cwd = ROOT) {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { cwd, encoding: 'utf8', shell: process.platform === 'win32' })
  if (status === 0) return stdout
  throw new Error(`${[program, ...parameters].join(' ')}: ${error?.message ?? stderr}`)
}
