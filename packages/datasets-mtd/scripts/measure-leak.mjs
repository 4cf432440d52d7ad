/**
 * How many test normals have a near copy among the training normals, by how the pictures were split: 80 % of the normals train, 20 seeds.
 *
 *     node scripts/measure-leak.mjs DATA_ROOT
 */
import { TILES } from '../dist/tiles.js'
import { groupByName } from './grouping.mjs'
import { listPictures, readGrey } from './pictures.mjs'

const SEEDS = 20
const TRAIN_SHARE = 0.8
const TWIN = 0.95

const root = process.argv[2]
if (root === undefined) throw new Error('say where the dataset is: node scripts/measure-leak.mjs DATA_ROOT')
const pictures = await listPictures(root)
const normals = pictures.flatMap((picture, i) => (picture.folder === 'MT_Free' ? [i] : []))
const tileOfCapture = new Map(TILES.flatMap((tile, i) => tile.split(' ').map((capture) => [Number(capture), i])))
const tiles = pictures.map((picture) => tileOfCapture.get(picture.capture))
const splits = { picture: pictures.map((_, i) => i), name: groupByName(pictures, 450), tile: tiles }

for (const side of [32, 64, 128]) {
  const correlation = await correlations(side)
  for (const [name, groups] of Object.entries(splits)) {
    const shares = Array.from({ length: SEEDS }, (_, seed) => leak(splitBy(groups, seed + 1), correlation))
    const mean = (/** @type {'twin' | 'sameTile'} */ key) => ((100 * shares.reduce((sum, share) => sum + share[key], 0)) / SEEDS).toFixed(1)
    console.log(
      `${side} x ${side}, split by ${name}: ${mean('twin')} % with a twin above ${TWIN}, ${mean('sameTile')} % with a picture of the same tile`,
    )
  }
}

/** Pearson correlations of the normals with one another, resampled to `side` squared. @param {number} side */
async function correlations(side) {
  const vectors = []
  for (const i of normals) {
    const { data } = await readGrey(pictures[i].path, () => ({ width: side, height: side }))
    const mean = data.reduce((sum, level) => sum + level, 0) / data.length
    const norm = Math.hypot(
      ...Array.from({ length: side }, (_, y) =>
        Math.sqrt(data.subarray(y * side, (y + 1) * side).reduce((sum, level) => sum + (level - mean) ** 2, 0)),
      ),
    )
    vectors.push(data.map((level) => (level - mean) / norm))
  }
  return vectors.map((left) => vectors.map((right) => left.reduce((sum, value, i) => sum + value * right[i], 0)))
}

/** Whether each normal trains. Whole groups, in random order, until the share is reached. @param {readonly (number | undefined)[]} groups @param {number} seed */
function splitBy(groups, seed) {
  const order = [...new Set(normals.map((i) => groups[i]))].map((group, i) => ({ group, key: hash(seed * 100_003 + i) }))
  const training = new Set()
  let count = 0
  for (const { group } of order.sort((left, right) => left.key - right.key)) {
    if (count >= TRAIN_SHARE * normals.length) break
    training.add(group)
    count += normals.filter((i) => groups[i] === group).length
  }
  return normals.map((i) => training.has(groups[i]))
}

/** @param {readonly boolean[]} trains @param {readonly Float64Array[] | readonly (readonly number[])[]} correlation */
function leak(trains, correlation) {
  const tested = trains.flatMap((training, i) => (training ? [] : [i]))
  const trained = trains.flatMap((training, i) => (training ? [i] : []))
  const share = (/** @type {(test: number, train: number) => boolean} */ matches) =>
    tested.filter((test) => trained.some((train) => matches(test, train))).length / tested.length
  return {
    twin: share((test, train) => correlation[test][train] > TWIN),
    sameTile: share((test, train) => tiles[normals[test]] === tiles[normals[train]]),
  }
}

/** 32 well-mixed bits (the finaliser of MurmurHash3). @param {number} value */
function hash(value) {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
