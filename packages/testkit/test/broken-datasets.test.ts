import { datasetChecks } from '../dist/index.js'
import { changed, describeBroken } from './support/describe-broken.ts'
import type { PackageChange } from './support/plugin-package.ts'
import { soundData } from './support/sound-data.ts'
import { withoutShared } from './support/without-shared.ts'

const BROKEN: Readonly<Record<string, PackageChange>> = {
  'missing-data-is-explained': changed(['found: root, ', '']),
  'recognizes-its-layout': changed(['recognizes: async (root) => (await categoriesOf(root)).length > 0', 'recognizes: async () => false']),
  'recognizes-nothing-else': changed(['recognizes: async (root) => (await categoriesOf(root)).length > 0', 'recognizes: async () => true']),
  opens: changed(['      categories,\n      warnings', '      categories: [...categories, ...categories],\n      warnings']),
  'unknown-category-is-an-error': changed([
    'if (!categories.includes(category))',
    'if (!categories.includes(category)) return []\n        if (false)',
  ]),
  'opens-the-same-twice': changed(
    ['const FOLDERS', 'let opened = 0\nconst FOLDERS'],
    ['return {\n      categories', 'const turn = opened++\n    return {\n      categories'],
    ["defect: 'dent'", 'defect: `dent ${turn}`'],
  ),
  'opens-by-names-only': changed(
    ["import { readdir } from 'node:fs/promises'", "import { readdir, readFile } from 'node:fs/promises'"],
    ['const id = `', 'if ((await readFile(join(root, category, folder, name))).length === 0) continue\n            const id = `'],
  ),
  'every-parameter-opens': changed(
    ["masks === 'none'\n", 'masks.none()\n'],
    ["label === 'normal' || ", "label === 'normal' || masks === 'drawn' ? [] : "],
  ),
  'expected-counts-hold': changed(['count: 3', 'count: 4']),
  'ids-are-unique': changed(['const id = `${category}/${folder}', 'const id = `${folder}']),
  'ids-are-sorted': changed(['(a.id < b.id ? -1 : 1)', '(a.id < b.id ? 1 : -1)']),
  'ids-are-portable': changed(['${category}/${folder}/${parse', '${category}\\\\${folder}\\\\${parse']),
  'samples-are-of-their-category': changed([
    '              category,\n              split',
    "              category: 'bolt',\n              split",
  ]),
  'samples-can-be-asked-for-again': changed(
    ['return {\n      categories', 'const given = new Set()\n    return {\n      categories'],
    ['const samples = []', 'const samples = []\n        if (given.has(category)) return samples\n        given.add(category)'],
  ),
  'labels-and-masks-agree': changed(["label === 'anomalous' ? { defect", 'true ? { defect']),
  'splits-are-whole': changed(["['test/good', 'test'", "['test/good', null"]),
  'groups-stay-together': changed(['group: `${folder} ${index}`', 'group: `part ${index}`']),
  'files-lie-below-the-root': changed(
    ["import { join, parse } from 'node:path'", "import { join, parse, relative } from 'node:path'"],
    ['path: join(root, category, folder, name)', 'path: relative(process.cwd(), join(root, category, folder, name))'],
  ),
  'pictures-can-be-read': changed(['folder, name) }', 'folder, `${name}.png`) }']),
  'masks-fit-their-pictures': changed(['return { width: 16, height: 16', 'return { width: 8, height: 32']),
  'pictures-can-be-read-again': changed(
    ['const maskOf', 'let reads = 0\nconst maskOf'],
    ['const data = new Uint8Array(16 * 16)', 'const data = new Uint8Array(16 * 16).fill(reads++)'],
  ),
  'fingerprints-tell-pixels': changed(['`mask ${index}`', '`mask`']),
}

const options = { dataRoot: await soundData(), dataIsComplete: true }
describeBroken({ kind: 'dataset', fixture: 'dataset', id: 'sound', options }, withoutShared(datasetChecks), BROKEN)
