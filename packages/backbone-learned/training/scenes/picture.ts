import { paletteIndex, type Palette } from './palette.ts'
import type { Field } from './field.ts'

/** A square picture being painted: red, green and blue, 0…255, row by row. */
export interface Picture {
  readonly size: number
  readonly data: Float32Array
}

export function paintField(field: Field, size: number, palette: Palette): Picture {
  const data = new Float32Array(size * size * 3)
  for (let index = 0; index < field.length; index++) {
    const colour = paletteIndex(field[index])
    for (let channel = 0; channel < 3; channel++) data[index * 3 + channel] = palette[colour + channel]
  }
  return { size, data }
}

/** Moves a pixel towards a colour. @param opacity - 0…1 @param light - a factor of the colour */
export function blendPixel({ data }: Picture, index: number, palette: Palette, colour: number, light: number, opacity: number): void {
  for (let channel = 0; channel < 3; channel++)
    data[index * 3 + channel] += opacity * (palette[colour + channel] * light - data[index * 3 + channel])
}

export function shadePixel({ data }: Picture, index: number, light: number): void {
  for (let channel = 0; channel < 3; channel++) data[index * 3 + channel] *= light
}
