import { readImage } from '@im-iad/images'
import { groupNearDuplicates, thumbnailOf } from '@im-iad/predict'
import { findMtd } from './support/mtd-folders.mjs'

/**
 * How many of Magnetic Tile's pictures of one tile are recognised as near-duplicates, and how many pairs of two tiles are taken for one by mistake. Pictures of a tile differ in exposure and crop.
 * @returns {Promise<{name: string, value: number, unit: string, target: string, details: object}>}
 */
export async function bench({ quick }) {
  const data = await findMtd()
  if (data === null) throw new Error('Magnetic Tile is not there: set IM_IAD_DATA to the folder that holds mtd/')
  const samples = quick ? data.good.slice(0, 300) : data.good
  const pictures = []
  for (const [index, sample] of samples.entries())
    pictures.push({ thumbnail: thumbnailOf(await readImage(sample.image.path)), keys: [`picture ${index}`] })
  const start = performance.now()
  const { groupOf, groups } = groupNearDuplicates(pictures)
  const seconds = (performance.now() - start) / 1000
  const counts = { oneTile: 0, oneTileJoined: 0, twoTiles: 0, twoTilesJoined: 0 }
  for (let first = 0; first < samples.length; first++)
    for (let second = 0; second < first; second++) {
      const pair = samples[first].group === samples[second].group ? 'oneTile' : 'twoTiles'
      counts[pair]++
      if (groupOf[first] === groupOf[second]) counts[`${pair}Joined`]++
    }
  return {
    name: 'near-duplicates',
    value: counts.oneTileJoined / counts.oneTile,
    unit: 'of the pairs of one tile are joined',
    target: 'none set; joining two tiles is the worse mistake',
    details: { pictures: samples.length, tiles: new Set(samples.map(({ group }) => group)).size, groups, ...counts, seconds },
  }
}
