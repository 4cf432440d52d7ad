import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { newerModel, noModel } from '../errors.ts'
import { descriptionSchema, MODEL_SCHEMA, type ModelDescription } from './description.ts'

/** The file that makes a folder a model; written last. */
export const DESCRIPTION_FILE = 'model.json'
/** The folder of what the algorithm saved. */
export const ALGORITHM_FOLDER = 'algorithm'
/** The folder of weights that are the user's own. */
export const WEIGHTS_FOLDER = 'weights'

/** More than a million held-out scores take. */
const LARGEST_DESCRIPTION = 64 * 1024 * 1024

/** Reads and checks model.json. @throws ImIadError IM_IAD_E_MODEL when it is not there, too large, no JSON, of another schema, or has a field that is missing, unknown or wrong */
export async function readDescription(folder: string): Promise<ModelDescription> {
  const text = await readBounded(join(folder, DESCRIPTION_FILE)).catch((error: Error) => {
    throw noModel(folder, `${DESCRIPTION_FILE}: ${error.message}`, error)
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw noModel(folder, `${DESCRIPTION_FILE} is no JSON`, error)
  }
  const fields: Readonly<Record<string, unknown>> = typeof content === 'object' && content !== null ? { ...content } : {}
  const { format, schema } = fields
  if (format !== 'im-iad-model') throw noModel(folder, `${DESCRIPTION_FILE} does not say that it is an im-iad model`)
  if (schema !== MODEL_SCHEMA) throw newerModel(folder, schema)
  const result = descriptionSchema.safeParse(content)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw noModel(folder, `${DESCRIPTION_FILE}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const found = await file.stat()
    if (!found.isFile()) throw new Error('it is no regular file')
    if (found.size > LARGEST_DESCRIPTION) throw new Error(`it has ${found.size} bytes`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/**
 * Makes sure that the folder holds exactly the files that the description lists, whole and unchanged.
 * @throws ImIadError IM_IAD_E_MODEL, naming the file
 */
export async function verifyFiles(folder: string, { files }: ModelDescription): Promise<void> {
  for (const [path, expected] of Object.entries(files)) {
    const found = await stat(join(folder, path)).catch(() => null)
    if (found === null) throw noModel(folder, `${path} is missing`)
    if (!found.isFile()) throw noModel(folder, `${path} is no regular file`)
    if (found.size !== expected.bytes) throw noModel(folder, `${path} has ${found.size} bytes instead of ${expected.bytes}`)
    if ((await hashFile(join(folder, path))) !== expected.sha256) throw noModel(folder, `${path} was changed: its SHA-256 is another one`)
  }
  for (const path of await filesIn(folder))
    if (!Object.hasOwn(files, path)) throw noModel(folder, `${path} is not one of the model's files`)
}

/** The files in the model's subfolders, as paths with `/`. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const part of [ALGORITHM_FOLDER, WEIGHTS_FOLDER]) {
    const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries)
      if (!entry.isDirectory())
        found.push(
          join(entry.parentPath, entry.name)
            .slice(folder.length + 1)
            .replaceAll('\\', '/'),
        )
  }
  return found.sort()
}

/** SHA-256 of a file, lower-case hexadecimal, streamed. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
