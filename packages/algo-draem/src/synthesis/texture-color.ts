import type { PixelImage } from '@im-iad/images'
import { clampLevel } from './lookup-tables.ts'

/** How colourful an RGB picture is: the root mean square of its channels' distances from the grey of the same mean, in levels of 255; 0 where it is grey. */
export function colorStrength(data: Uint8Array): number {
  let sum = 0
  for (let place = 0; place < data.length; place += 3) {
    const grey = (data[place] + data[place + 1] + data[place + 2]) / 3
    sum += (data[place] - grey) ** 2 + (data[place + 1] - grey) ** 2 + (data[place + 2] - grey) ** 2
  }
  return Math.sqrt(sum / data.length)
}

/** The picture with its colours drawn towards grey until it is at most so colourful; the same picture where it is not more. */
export function limitColor(picture: PixelImage, strength: number): PixelImage {
  const own = colorStrength(picture.data)
  if (own <= strength) return picture
  const kept = strength / own
  const { data } = picture
  const limited = new Uint8Array(data.length)
  for (let place = 0; place < data.length; place += 3) {
    const grey = (data[place] + data[place + 1] + data[place + 2]) / 3
    for (let value = place; value < place + 3; value++) limited[value] = clampLevel(grey + kept * (data[value] - grey))
  }
  return { ...picture, data: limited }
}
