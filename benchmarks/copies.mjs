import { findCopies, thumbnailOf } from '@im-iad/core/machinery'
import { resolveParameters } from '@im-iad/core'
import synthetic from '@im-iad/datasets-synthetic'
import { decodeImage, encodeJpeg, readImage, resample } from '@im-iad/images'
import { listPictures } from './support/list-pictures.mjs'
import { lookAlike } from './support/look-alikes.mjs'
import { findMtd } from './support/mtd-folders.mjs'

/** Copies of a picture, by how they were made. */
const COPIES = {
  'JPEG 50': (picture) => reencoded(picture, 50),
  'JPEG 75': (picture) => reencoded(picture, 75),
  'JPEG 90': (picture) => reencoded(picture, 90),
  'JPEG 95': (picture) => reencoded(picture, 95),
  'half the size': (picture) => resized(picture, 0.5),
  '90 %, JPEG 75': (picture) => reencoded(resized(picture, 0.9), 75),
}

/**
 * How many re-encoded and resized copies the leak check finds, and what it takes for a copy by mistake: among the pictures as they are, and among look-alikes of a fixed camera.
 * @returns {Promise<{name: string, value: number, unit: string, target: string, details: object}>}
 */
export async function bench({ quick }) {
  const details = {}
  for await (const [name, pictures] of sources(quick)) details[name] = await measure(pictures, quick)
  details['search among 10,000'] = searchSeconds(10_000)
  const counts = Object.values(details).flatMap(({ found = {} }) => Object.values(found))
  const value = counts.reduce((sum, { of, found }) => sum + found / of, 0) / counts.length
  return { name: 'copies', value, unit: 'of the copies are found', target: 'at least 0.99 with no false alarm', details }
}

async function* sources(quick) {
  const mtd = await findMtd()
  if (mtd !== null) yield ['Magnetic Tile', await readAll([...mtd.good, ...mtd.bad].filter((_, index) => !quick || index % 8 === 0))]
  const grid = await listPictures('mvtec-ad/grid')
  if (grid.length > 0) yield ['MVTec AD grid', await readAll(grid.filter((_, index) => !quick || index % 8 === 0))]
  const open = await synthetic.open(null, resolveParameters(synthetic, {}))
  for (const category of open.categories) {
    const samples = await open.samples(category)
    yield [`synthetic ${category}`, await Promise.all(samples.map(async ({ id, image }) => ({ id, picture: await image.read() })))]
  }
}

function readAll(samples) {
  return Promise.all(samples.map(async ({ id, group, image }) => ({ id, group, picture: await readImage(image.path) })))
}

async function measure(pictures, quick) {
  const start = performance.now()
  const known = pictures.map(({ id, picture }) => ({ id, category: 'it', thumbnail: thumbnailOf(picture) }))
  const thumbnailMilliseconds = (performance.now() - start) / pictures.length
  const groups = new Map(pictures.map(({ id, group }) => [id, group]))
  const alarms = [...findCopies(known)].filter(([id, first]) => id !== first)
  const isOnePart = ([id, first]) => groups.get(id) !== undefined && groups.get(id) === groups.get(first)
  const found = {}
  const asked = pictures.filter((_, index) => index % Math.ceil(pictures.length / (quick ? 5 : 40)) === 0)
  for (const [name, copy] of Object.entries(COPIES)) {
    const added = []
    for (const { id, picture } of asked) added.push({ id: `copy of ${id}`, category: 'it', thumbnail: thumbnailOf(await copy(picture)) })
    const copies = findCopies([...known, ...added])
    found[name] = {
      of: asked.length,
      found: asked.filter(({ id }) => copies.has(id) && copies.get(`copy of ${id}`) === copies.get(id)).length,
    }
  }
  const alike = Array.from({ length: quick ? 12 : 60 }, (_, index) => lookAlike(pictures[0].picture, index + 1))
  const lookAlikes = findCopies(alike.map((picture, index) => ({ id: `${index}`, category: 'it', thumbnail: thumbnailOf(picture) })))
  return {
    pictures: pictures.length,
    falseAlarms: alarms.filter((alarm) => !isOnePart(alarm)).length,
    otherPicturesOfOnePart: alarms.filter(isOnePart).length,
    lookAlikes: alike.length,
    lookAlikesTakenForCopies: lookAlikes.size,
    found,
    thumbnailMilliseconds,
  }
}

async function reencoded(picture, quality) {
  return decodeImage(await encodeJpeg(picture, quality), 'a copy')
}

function resized(picture, factor) {
  const size = { width: Math.round(picture.width * factor), height: Math.round(picture.height * factor) }
  return resample(picture, { ...size, filter: 'bilinear' })
}

/** Random pictures of one kind: a common picture and what is each one's own, with all but equal means, which is the hardest. */
function searchSeconds(count) {
  let state = 1
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const common = Float64Array.from({ length: 1024 }, () => 40 + 170 * uniform())
  const samples = Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    category: 'it',
    thumbnail: {
      width: 256,
      height: 256,
      levels: Uint16Array.from(common, (level) => Math.round(256 * (level + 20 * (uniform() - 0.5)))),
    },
  }))
  const start = performance.now()
  const copies = findCopies(samples).size
  return { seconds: (performance.now() - start) / 1000, copies }
}
