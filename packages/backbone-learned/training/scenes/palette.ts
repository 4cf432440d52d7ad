import type { RandomStream } from '@im-iad/core'
import { between, chance } from './draws.ts'

/** Red, green and blue, 0…255, for 256 steps of brightness. */
export type Palette = Float32Array

const STEPS = 256

/** A ramp through two to four colours that have something in common: mostly one hue and two levels of light. */
export function createPalette(random: RandomStream): Palette {
  const grey = chance(random, 0.25)
  const hue = random.uniform()
  const hueSpread = chance(random, 0.25) ? 0.5 : between(random, 0, 0.12)
  const saturation = grey ? 0 : between(random, 0, 0.9) ** 1.3
  const contrast = between(random, 0.08, 1)
  const middle = between(random, contrast / 2, 1 - contrast / 2)
  const falling = chance(random, 0.3)
  const count = 2 + random.integer(3)
  const colours = Array.from({ length: count }, (_, index) => {
    const place = index / (count - 1) - 0.5
    const value = middle + contrast * (falling ? -place : place) + 0.15 * contrast * between(random, -1, 1)
    return colourOf(hue + hueSpread * between(random, -1, 1), saturation * between(random, 0.6, 1), Math.min(1, Math.max(0, value)))
  })
  const palette = new Float32Array(STEPS * 3)
  for (let step = 0; step < STEPS; step++) {
    const place = (step / (STEPS - 1)) * (count - 1)
    const from = Math.min(count - 2, Math.floor(place))
    for (let channel = 0; channel < 3; channel++)
      palette[step * 3 + channel] = colours[from][channel] + (place - from) * (colours[from + 1][channel] - colours[from][channel])
  }
  return palette
}

/** Where the colour of a brightness in 0…1 lies in a palette. */
export function paletteIndex(brightness: number): number {
  return Math.min(STEPS - 1, Math.max(0, Math.round(brightness * (STEPS - 1)))) * 3
}

function colourOf(hue: number, saturation: number, value: number): readonly [number, number, number] {
  const channel = (offset: number): number => {
    const place = (((offset + hue * 6) % 6) + 6) % 6
    return 255 * value * (1 - saturation * Math.max(0, Math.min(place, 4 - place, 1)))
  }
  return [channel(5), channel(3), channel(1)]
}
