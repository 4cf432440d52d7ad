/**
 * Finds the pictures that show one physical tile and writes src/tiles.ts.
 *
 *     node scripts/find-tiles.mjs DATA_ROOT
 */
import { writeFile } from 'node:fs/promises'
import { groupByName, groupByPairs, membersOf } from './grouping.mjs'
import { listPictures, readGrey } from './pictures.mjs'
import { similarity, textureSpectrum } from './texture.mjs'

/** Pictures are compared at this fraction of their size: stains survive, noise doesn't. */
const SCALE = 1 / 5
/** Pictures of two tiles reach 0.24; of the pairs of one tile, 99 % are above 0.47. Any value between 0.25 and 0.3 gives the same tiles. */
const SAME_TILE = 0.3
/** Captures nearer than this are compared whatever their exposures; others only at equal exposure, where one tile looks most alike. */
const NEAR = 3000
/** Seen with the eye and missed by the correlation: the first picture of this tile was cropped and lit unlike its others. */
const SEEN = [[124236, 124592]]
/** The gap at which the rule of the names is compared with what is found. */
const NAME_RULE_GAP = 450

const root = process.argv[2]
if (root === undefined) throw new Error('say where the dataset is: node scripts/find-tiles.mjs DATA_ROOT')
const pictures = await listPictures(root)
const pairs = await comparedPairs()
const seen = SEEN.map((captures) => captures.map((capture) => pictures.findIndex((picture) => picture.capture === capture)))
const tiles = groupByPairs(pictures.length, [...pairs.filter(([, , likeness]) => likeness > SAME_TILE), ...seen])
await writeFile(new URL('../src/tiles.ts', import.meta.url), source(membersOf(tiles)))
report(membersOf(tiles))
reportCertainty()
compareWithNames()

/** Every pair that was compared, with its likeness. @returns {Promise<[number, number, number][]>} */
async function comparedPairs() {
  const upright = []
  const turned = []
  for (const picture of pictures) {
    const grey = await readGrey(picture.path, ({ width, height }) => ({
      width: Math.round(width * SCALE),
      height: Math.round(height * SCALE),
    }))
    upright.push(textureSpectrum(grey, { turned: false }))
    turned.push(textureSpectrum(grey, { turned: true }))
  }
  /** @type {[number, number, number][]} */
  const compared = []
  for (let i = 0; i < pictures.length; i++)
    for (let j = i + 1; j < pictures.length; j++) {
      const alike = pictures[i].exposure === pictures[j].exposure
      if (!alike && pictures[j].capture - pictures[i].capture > NEAR) continue
      const upwards = similarity(upright[i], upright[j])
      compared.push([i, j, alike ? Math.max(upwards, similarity(upright[i], turned[j])) : upwards])
    }
  return compared
}

/** @param {readonly (readonly number[])[]} groups */
function source(groups) {
  const rows = groups.map((group) => `  '${group.map((i) => pictures[i].capture).join(' ')}',`)
  return `// Written by scripts/find-tiles.mjs; how and with what certainty stands in the README.

/** The capture numbers of each physical tile, ${groups.length} tiles of ${pictures.length} pictures. */
export const TILES: readonly string[] = [
${rows.join('\n')}
]
`
}

/** @param {readonly (readonly number[])[]} groups */
function report(groups) {
  const sizes = [...new Set(groups.map((group) => group.length))].map(
    (size) => `${groups.filter((group) => group.length === size).length} of ${size}`,
  )
  console.log(`${groups.length} tiles: ${sizes.join(', ')}`)
  console.log(`${groups.filter((group) => group.some((i) => pictures[i].folder === 'MT_Free')).length} with normal pictures`)
  for (const group of groups) {
    const folders = [...new Set(group.map((i) => pictures[i].folder))]
    if (folders.length > 1)
      console.log(`in several classes: ${group.map((i) => `${pictures[i].capture} ${pictures[i].folder}`).join(', ')}`)
  }
}

function compareWithNames() {
  const named = groupByName(pictures, NAME_RULE_GAP)
  const normals = new Set(named.filter((_, i) => pictures[i].folder === 'MT_Free'))
  const split = membersOf(tiles).filter((members) => new Set(members.map((i) => named[i])).size > 1).length
  const mixed = membersOf(named).filter((members) => new Set(members.map((i) => tiles[i])).size > 1).length
  console.log(
    `by name: ${new Set(named).size} groups, ${normals.size} of them normal; ${split} tiles fall apart, ${mixed} groups hold pictures of two tiles`,
  )
}

function reportCertainty() {
  const between = pairs.filter(([i, j]) => tiles[i] !== tiles[j]).reduce((highest, [, , likeness]) => Math.max(highest, likeness), 0)
  const within = pairs.filter(([i, j]) => tiles[i] === tiles[j]).map(([, , likeness]) => likeness)
  const quantile = (/** @type {number} */ share) => within.toSorted((a, b) => a - b)[Math.floor(share * within.length)]?.toFixed(3)
  console.log(
    `${pairs.length} pairs compared, ${within.length} of them of one tile: median ${quantile(0.5)}, 1 % below ${quantile(0.01)}; the highest of two tiles is ${between.toFixed(3)}`,
  )
}
