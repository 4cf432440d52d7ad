import { stat } from 'node:fs/promises'
import { extname, join, posix, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { listFolder } from '@im-iad/core'

const PICTURE_EXTENSIONS: readonly string[] = ['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.bmp', '.webp']

/** Whether a name in a folder is a picture's. A file that is named by itself is taken as one whatever it is called. */
export function isPictureName(name: string): boolean {
  return PICTURE_EXTENSIONS.includes(extname(name).toLowerCase())
}

export interface PictureNames {
  readonly workingDirectory: string
  /** Where the paths of `-` come from. */
  readonly input: NodeJS.ReadableStream
}

/**
 * The pictures that the command line names, one after the other, as paths as they were named: files, folders with all that is below in the order of names, `-` for a path per line of standard
 * input. Only the names of one folder at a time are in memory.
 */
export async function* listPictures(named: readonly string[], { workingDirectory, input }: PictureNames): AsyncGenerator<string> {
  for (const name of named) {
    if (name === '-') yield* linesOf(input)
    else if (await isFolder(resolve(workingDirectory, name))) yield* picturesBelow(workingDirectory, name)
    else yield name
  }
}

async function* picturesBelow(workingDirectory: string, folder: string): AsyncGenerator<string> {
  const { files, folders } = (await listFolder(resolve(workingDirectory, folder))) ?? { files: [], folders: [] }
  for (const file of files) if (isPictureName(file)) yield join(folder, file)
  for (const inner of folders) yield* picturesBelow(workingDirectory, join(folder, inner))
}

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line !== '') yield line
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/**
 * What a picture's heat map is called below the folder of maps: its own path and `.png`, so that equal names in two folders stay apart. Nothing leads out of the folder: a root, a drive
 * and `..` become plain names.
 */
export function heatMapName(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/')
  const safe = parts.filter((part) => part !== '' && part !== '.').map((part) => (part === '..' ? '_up' : part.replaceAll(':', '_')))
  return `${posix.join(...safe)}.png`
}
