import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readImage, resample } from '@im-iad/images'

/**
 * @typedef {object} Picture
 * @property {number} capture the number of the capture, unique in the dataset
 * @property {number} exposure 0 to 6
 * @property {string} folder `MT_Free`, …
 * @property {string} path
 *
 * @typedef {object} Grey
 * @property {number} width
 * @property {number} height
 * @property {Float64Array} data grey levels `[height, width]`, 0…255
 */

/** All pictures below a copy of the dataset, by capture number. @param {string} root @returns {Promise<Picture[]>} */
export async function listPictures(root) {
  const pictures = []
  for (const folder of (await readdir(root)).filter((name) => name.startsWith('MT_'))) {
    for (const file of await readdir(join(root, folder, 'Imgs'))) {
      const name = /^exp(\d)_num_(\d+)\.jpg$/.exec(file)
      if (name !== null)
        pictures.push({ capture: Number(name[2]), exposure: Number(name[1]), folder, path: join(root, folder, 'Imgs', file) })
    }
  }
  return pictures.sort((left, right) => left.capture - right.capture)
}

/**
 * A picture's grey levels, resampled.
 * @param {string} path
 * @param {(size: {width: number, height: number}) => {width: number, height: number}} resize from the picture's own size to the wanted one
 * @returns {Promise<Grey>}
 */
export async function readGrey(path, resize) {
  const picture = await readImage(path)
  const { width, height } = resize(picture)
  return { width, height, data: Float64Array.from(resample(picture, { width, height, filter: 'bilinear' }).data) }
}
