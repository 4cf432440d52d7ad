import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { License } from './license.ts'
import { packageManifest } from './package-manifest.ts'
import { checkName } from './package-name.ts'
import { pluginId } from './plugin-id.ts'
import type { TemplateKind } from './plugin-template.ts'
import { checkTarget } from './target-folder.ts'

export interface ScaffoldRequest {
  readonly kind: TemplateKind
  /** The package's name, with a scope or without. */
  readonly name: string
  /** Where it goes; empty or not there yet. */
  readonly directory: string
  readonly license: License
}

export interface ScaffoldedPackage {
  /** The id of its plugin. */
  readonly id: string
  /** The files written, relative to the folder, sorted. */
  readonly files: readonly string[]
}

const TEMPLATES: string = fileURLToPath(new URL('../templates', import.meta.url))

/**
 * Writes a plugin package that builds and passes its conformance test.
 * @throws ImIadError IM_IAD_E_PACKAGE_NAME, IM_IAD_E_FOLDER_IN_USE: then nothing has been written
 */
export async function scaffold({ kind, name, directory, license }: ScaffoldRequest): Promise<ScaffoldedPackage> {
  checkName(name)
  await checkTarget(directory)
  const id = pluginId(name, kind)
  const files = new Map<string, string | Uint8Array>()
  for (const folder of ['common', kind]) for (const [path, content] of await readTemplate(join(TEMPLATES, folder))) files.set(path, content)
  files.set('LICENSE', await readFile(join(TEMPLATES, 'licenses', `${license}.txt`), 'utf8'))
  files.set('package.json', `${JSON.stringify(packageManifest({ name, kind, id, license }), null, 2)}\n`)
  for (const [path, content] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    const filled = typeof content === 'string' ? fillIn(content, { id, name, year: String(new Date().getFullYear()) }) : content
    await writeFile(join(directory, path), filled)
  }
  return { id, files: [...files.keys()].toSorted() }
}

/** Every file of a template: text as it is, everything else as bytes. */
async function readTemplate(folder: string): Promise<readonly (readonly [string, string | Uint8Array])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const bytes = await readFile(join(parentPath, name))
        const path = relative(folder, join(parentPath, realName(name)))
        return [path, extname(name) === '.png' ? bytes : bytes.toString('utf8')] as const
      }),
  )
}

/** npm leaves `.gitignore` out of packages. */
function realName(file: string): string {
  return basename(file).replace(/^_/, '.')
}

function fillIn(text: string, values: Readonly<Record<'id' | 'name' | 'year', string>>): string {
  return text.replaceAll('__id__', values.id).replaceAll('__name__', values.name).replaceAll('__year__', values.year)
}
