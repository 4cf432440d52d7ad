import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { count, type CategoryContents, type FolderSample } from '../category-contents.ts'
import { isPicture } from '../find-pictures.ts'
import type { FolderParameters } from '../parameters.ts'
import { manifestFault } from './manifest-fault.ts'
import { checkRows, unknownColumnWarnings, type ManifestRow } from './manifest-row.ts'
import { parseRows } from './parse-rows.ts'

/** A row whose paths are resolved. */
interface LocatedRow {
  readonly row: ManifestRow
  /** Absolute. */
  readonly image: string
  readonly masks: readonly string[]
}

/**
 * Reads a manifest. Its paths are taken from its own folder and have to lead to files below `root`, absolute ones too: a manifest from elsewhere
 * must not reach for other files of its user. Links in `root` are the user's own and are followed.
 * @param path - absolute
 * @throws ImIadError IM_IAD_E_DATA_MANIFEST for a faulty row, a picture named twice or a path that leaves `root`
 */
export async function readManifest(root: string, path: string, parameters: FolderParameters): Promise<CategoryContents> {
  const raw = await parseRows(path, await readFile(path, 'utf8'))
  const rows = checkRows(path, raw, parameters).map((row) => locate(row, dirname(path)))
  refuseOutsiders(root, path, rows)
  refuseRepeats(path, rows)
  const pictures = rows.filter(({ image }) => isPicture(image))
  const present = await existing(pictures.flatMap(({ image, masks }) => [image, ...masks]))
  const kept = pictures.filter(({ image }) => present.has(image))
  return {
    samples: kept.map((row) => sampleOf(root, row, present)),
    warnings: [
      ...unknownColumnWarnings(raw),
      ...absenceWarnings(
        'picture',
        pictures.map(({ image }) => image),
        present,
        'left out',
      ),
      ...absenceWarnings(
        'mask',
        kept.flatMap(({ masks }) => masks),
        present,
        'their pictures count as not annotated',
      ),
    ],
    skipped: rows.map(({ image }) => image).filter((image) => !isPicture(image)),
  }
}

function locate(row: ManifestRow, folder: string): LocatedRow {
  return { row, image: resolve(folder, row.image), masks: row.label === 'normal' ? [] : row.masks.map((mask) => resolve(folder, mask)) }
}

function refuseOutsiders(root: string, path: string, rows: readonly LocatedRow[]): void {
  const faults = rows.flatMap(({ row, image, masks }) =>
    [image, ...masks].filter((file) => !isBelow(root, file)).map((file) => `line ${row.line}: ${file} is not below the data root ${root}`),
  )
  if (faults.length > 0) throw manifestFault(path, faults)
}

function isBelow(root: string, file: string): boolean {
  const way = relative(root, file)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function refuseRepeats(path: string, rows: readonly LocatedRow[]): void {
  const lines = new Map<string, number>()
  const faults: string[] = []
  for (const { row, image } of rows) {
    const earlier = lines.get(image)
    if (earlier === undefined) lines.set(image, row.line)
    else faults.push(`line ${row.line} names the picture of line ${earlier} again: ${row.image}`)
  }
  if (faults.length > 0) throw manifestFault(path, faults)
}

async function existing(files: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    files.map((file) =>
      stat(file).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    ),
  )
  return new Set(files.filter((_, i) => found[i]))
}

function sampleOf(root: string, { row, image, masks }: LocatedRow, present: ReadonlySet<string>): FolderSample {
  return {
    path: relative(root, image).split(sep).join('/'),
    sample: {
      category: row.category ?? basename(root),
      split: row.split,
      label: row.label,
      ...(row.label === 'anomalous' && row.defect !== undefined && { defect: row.defect }),
      image: { kind: 'file', path: image },
      // Part of the defects would pass the rest off as normal.
      masks: masks.every((mask) => present.has(mask)) ? masks.map((mask) => ({ image: { kind: 'file', path: mask } })) : [],
      ...(row.group !== undefined && { group: row.group }),
    },
  }
}

function absenceWarnings(noun: string, files: readonly string[], present: ReadonlySet<string>, consequence: string): readonly string[] {
  const absent = files.filter((file) => !present.has(file))
  const [first] = absent
  return first === undefined ? [] : [`${count(absent.length, noun)} of the manifest not there (${first} for one): ${consequence}.`]
}
