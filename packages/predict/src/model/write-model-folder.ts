import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { loadPlugin } from '@im-iad/core'
import { writeFileAtomically, type PlacedBackbone } from '@im-iad/core/machinery'
import { occupiedFolder } from '../errors.ts'
import type { ModelBackbone, ModelDescription } from './description.ts'
import { ALGORITHM_FOLDER, DESCRIPTION_FILE, filesIn, hashFile, readDescription, WEIGHTS_FOLDER } from './read-description.ts'

/** A model folder that is being written, under a temporary name beside its own. */
export interface ModelDraft {
  /** Where it is written for now. */
  readonly directory: string
  /** Existing and empty: what the algorithm saves goes here. */
  readonly algorithmDirectory: string
  /** Copies the weights files that are the user's own, writes the description and puts the folder in its place. */
  readonly finish: (
    description: Omit<ModelDescription, 'files' | 'backbones'>,
    backbones: readonly PlacedBackbone[],
  ) => Promise<ModelDescription>
  readonly discard: () => Promise<void>
}

/**
 * Starts a model folder. Nothing is at `folder` until it is finished.
 * @throws ImIadError IM_IAD_E_OUTPUT when something else than a model is there already
 */
export async function draftModel(folder: string): Promise<ModelDraft> {
  const target = resolve(folder)
  await checkReplaceable(target)
  const directory = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`)
  const algorithmDirectory = join(directory, ALGORITHM_FOLDER)
  await mkdir(algorithmDirectory, { recursive: true })
  return {
    directory,
    algorithmDirectory,
    async finish(description, placed) {
      const backbones: ModelBackbone[] = []
      for (const backbone of placed) backbones.push(await describeBackbone(backbone, directory))
      const files: Record<string, { readonly bytes: number; readonly sha256: string }> = {}
      for (const path of await filesIn(directory))
        files[path] = { bytes: (await stat(join(directory, path))).size, sha256: await hashFile(join(directory, path)) }
      const whole: ModelDescription = { ...description, backbones, files }
      await writeFileAtomically(join(directory, DESCRIPTION_FILE), `${JSON.stringify(whole, null, 2)}\n`)
      await checkReplaceable(target)
      await rm(target, { recursive: true, force: true })
      await rename(directory, target)
      return whole
    },
    discard: () => rm(directory, { recursive: true, force: true }),
  }
}

async function checkReplaceable(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw occupiedFolder(folder)
  })
  if (entries.length === 0) return
  await readDescription(folder).catch(() => {
    throw occupiedFolder(folder)
  })
}

/** What the description says of a backbone; a file of the user's own is copied, with what lies beside it and counts. */
async function describeBackbone({ hashed, location }: PlacedBackbone, directory: string): Promise<ModelBackbone> {
  const plugin = await loadPlugin({ ...location.plugin, kind: 'backbone' })
  const { id, package: name, version } = location.plugin
  let file: string | null = null
  if (plugin.weights.kind === 'file' && location.weightsFile !== null) {
    const { weightsFile } = location
    await mkdir(join(directory, WEIGHTS_FOLDER), { recursive: true })
    file = `${WEIGHTS_FOLDER}/${hashed.name}`
    await copyFile(weightsFile, join(directory, file))
    const stem = (path: string): string => path.slice(0, path.length - extname(path).length)
    for (const extension of plugin.weights.companions)
      await copyFile(stem(weightsFile) + extension, stem(join(directory, file)) + extension).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
  }
  return {
    parameter: hashed.parameter,
    name: hashed.name,
    plugin: { id, package: name, version, revision: hashed.revision },
    sha256: hashed.sha256,
    file,
    normalization: plugin.normalization,
  }
}
