import type { PixelImage } from '@im-iad/images'
import { clampLevel } from './lookup-tables.ts'

/** What a colour's brightness is: luma (ITU-R BT.601), the value of HSV, the lightness of HLS or of CIE L*a*b*. */
export type BrightnessSpace = 'luma' | 'hsv' | 'hls' | 'lab'

export interface BrightnessChange {
  readonly space: BrightnessSpace
  readonly factor: number
  /** In levels of 255. */
  readonly offset: number
  readonly order: 'multiply-first' | 'add-first'
}

/** Changes brightness and keeps the other two coordinates of the space; brightness stays within 0…255. */
export function changeBrightness(
  { width, height, channels, data }: PixelImage,
  { space, factor, offset, order }: BrightnessChange,
): PixelImage {
  const changed = new Uint8Array(data.length)
  const change = (brightness: number): number =>
    Math.min(255, Math.max(0, order === 'multiply-first' ? brightness * factor + offset : (brightness + offset) * factor))
  const write = WRITERS[space]
  for (let place = 0; place < data.length; place += 3) write(data, changed, place, change)
  return { width, height, channels, data: changed }
}

/** Changes one pixel, at `place` of both. */
type PixelWriter = (data: Uint8Array, changed: Uint8Array, place: number, change: (brightness: number) => number) => void

const WRITERS: Readonly<Record<BrightnessSpace, PixelWriter>> = {
  luma: shiftLuma,
  hsv: scaleValue,
  hls: changeLightness,
  lab: changeLabLightness,
}

/** With the colour differences fixed, all channels move by as much as the luma. */
function shiftLuma(data: Uint8Array, changed: Uint8Array, place: number, change: (brightness: number) => number): void {
  const luma = 0.299 * data[place] + 0.587 * data[place + 1] + 0.114 * data[place + 2]
  const shift = change(luma) - luma
  for (let channel = 0; channel < 3; channel++) changed[place + channel] = clampLevel(data[place + channel] + shift)
}

/** With hue and saturation fixed, all channels grow as the largest does. */
function scaleValue(data: Uint8Array, changed: Uint8Array, place: number, change: (brightness: number) => number): void {
  const value = Math.max(data[place], data[place + 1], data[place + 2])
  const target = change(value)
  for (let channel = 0; channel < 3; channel++)
    changed[place + channel] = clampLevel(value === 0 ? target : (data[place + channel] * target) / value)
}

/** With hue and saturation fixed, distances to the lightness scale with what the lightness leaves room for. */
function changeLightness(data: Uint8Array, changed: Uint8Array, place: number, change: (brightness: number) => number): void {
  const largest = Math.max(data[place], data[place + 1], data[place + 2])
  const smallest = Math.min(data[place], data[place + 1], data[place + 2])
  const lightness = (largest + smallest) / 2
  const target = change(lightness)
  const room = Math.min(lightness, 255 - lightness)
  const scale = room === 0 ? 0 : Math.min(target, 255 - target) / room
  for (let channel = 0; channel < 3; channel++) changed[place + channel] = clampLevel(target + (data[place + channel] - lightness) * scale)
}

/** sRGB levels as linear light, 0…1. */
const LINEAR: Float64Array = Float64Array.from({ length: 256 }, (_, level) => {
  const value = level / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})
/** The other way, for 4,096 steps of linear light. */
const GAMMA: Uint8Array = Uint8Array.from({ length: 4097 }, (_, step) => {
  const value = step / 4096
  return clampLevel(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055))
})
/** CIE's f for the same steps; XYZ are relative to the white point, so that 1 is the largest. */
const LAB: Float64Array = Float64Array.from({ length: 4097 }, (_, step) => {
  const value = step / 4096
  return value > (6 / 29) ** 3 ? Math.cbrt(value) : value / (3 * (6 / 29) ** 2) + 4 / 29
})

/** a* and b* are fixed when all three of CIE's f move by the same. */
function changeLabLightness(data: Uint8Array, changed: Uint8Array, place: number, change: (brightness: number) => number): void {
  const red = LINEAR[data[place]]
  const green = LINEAR[data[place + 1]]
  const blue = LINEAR[data[place + 2]]
  const fx = LAB[(4096 * (0.4339 * red + 0.3762 * green + 0.1899 * blue)) | 0]
  const fy = LAB[(4096 * (0.2126 * red + 0.7152 * green + 0.0722 * blue)) | 0]
  const fz = LAB[(4096 * (0.0178 * red + 0.1094 * green + 0.8728 * blue)) | 0]
  const lightness = 2.55 * (116 * fy - 16)
  const shift = (change(lightness) - lightness) / (2.55 * 116)
  const x = 0.95047 * lightOf(fx + shift)
  const y = lightOf(fy + shift)
  const z = 1.08883 * lightOf(fz + shift)
  changed[place] = levelOf(3.2406 * x - 1.5372 * y - 0.4986 * z)
  changed[place + 1] = levelOf(-0.9689 * x + 1.8758 * y + 0.0415 * z)
  changed[place + 2] = levelOf(0.0557 * x - 0.204 * y + 1.057 * z)
}

/** The inverse of CIE's f. */
function lightOf(value: number): number {
  return value > 6 / 29 ? value ** 3 : 3 * (6 / 29) ** 2 * (value - 4 / 29)
}

function levelOf(light: number): number {
  return GAMMA[Math.round(4096 * Math.min(1, Math.max(0, light)))]
}

/**
 * Turns the hue and adds to the saturation of HSV.
 * @param hue - in 180ths of a circle
 * @param saturation - in levels of 255
 */
export function changeHueAndSaturation(
  { width, height, channels, data }: PixelImage,
  { hue, saturation }: { readonly hue: number; readonly saturation: number },
): PixelImage {
  const changed = new Uint8Array(data.length)
  for (let place = 0; place < data.length; place += 3) {
    const largest = Math.max(data[place], data[place + 1], data[place + 2])
    const smallest = Math.min(data[place], data[place + 1], data[place + 2])
    const sextant = (((hueOf(data, place, largest, largest - smallest) + hue / 30) % 6) + 6) % 6
    const share = largest === 0 ? 0 : (largest - smallest) / largest
    const chroma = largest * Math.min(1, Math.max(0, share + saturation / 255))
    // Of the three channels at 5, 3 and 1 sixths of the circle, the one farthest from the hue loses all of the chroma.
    for (let channel = 0; channel < 3; channel++) {
      const place6 = (sextant + 5 - 2 * channel) % 6
      changed[place + channel] = clampLevel(largest - chroma * Math.max(0, Math.min(place6, 4 - place6, 1)))
    }
  }
  return { width, height, channels, data: changed }
}

/** In sixths of a circle, 0…6; grey has 0. */
function hueOf(data: Uint8Array, place: number, largest: number, range: number): number {
  if (range === 0) return 0
  const [red, green, blue] = [data[place], data[place + 1], data[place + 2]]
  if (largest === red) return ((green - blue) / range + 6) % 6
  return largest === green ? 2 + (blue - red) / range : 4 + (red - green) / range
}
