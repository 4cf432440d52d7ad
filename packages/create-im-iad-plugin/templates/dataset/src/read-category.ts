import { extname, join } from 'node:path'
import { listFolder, type ImageSource, type Sample } from '@im-iad/core'

export interface CategoryContents {
  readonly samples: readonly Sample[]
  /** One sentence each; shown once per run. */
  readonly warnings: readonly string[]
}

/** Reads `normal/`, `defective/DEFECT/` and `masks/DEFECT/` of one category. The publisher gives no split: the paradigm makes one. */
export async function readCategory(folder: string, category: string, extensions: readonly string[]): Promise<CategoryContents> {
  const pictures = async (...path: readonly string[]): Promise<readonly string[]> =>
    ((await listFolder(join(folder, ...path)))?.files ?? []).filter((file) => extensions.includes(extname(file).toLowerCase()))
  const normal = (await pictures('normal')).map((file): Sample => ({
    id: `${category}/normal/${stem(file)}`,
    category,
    split: null,
    label: 'normal',
    image: fileAt(folder, 'normal', file),
    masks: [],
  }))
  const defective: Sample[] = []
  for (const defect of (await listFolder(join(folder, 'defective')))?.folders ?? []) {
    const masks = await pictures('masks', defect)
    for (const file of await pictures('defective', defect))
      defective.push({
        id: `${category}/defective/${defect}/${stem(file)}`,
        category,
        split: null,
        label: 'anomalous',
        defect,
        image: fileAt(folder, 'defective', defect, file),
        masks: masks.filter((mask) => stem(mask) === stem(file)).map((mask) => ({ image: fileAt(folder, 'masks', defect, mask) })),
      })
  }
  const unmasked = defective.filter(({ masks }) => masks.length === 0).length
  return {
    samples: [...normal, ...defective],
    warnings: unmasked === 0 ? [] : [`${unmasked} of ${defective.length} defective pictures of "${category}" have no mask`],
  }
}

function fileAt(...path: readonly string[]): ImageSource {
  return { kind: 'file', path: join(...path) }
}

function stem(file: string): string {
  return file.slice(0, -extname(file).length)
}
