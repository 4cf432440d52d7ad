/** The high bytes of 16-bit values in the machine's byte order: `value >> 8`. */
export function highBytes(stored: Uint8Array): Uint8Array {
  const values = new Uint16Array(stored.buffer, stored.byteOffset, stored.length / 2)
  const levels = new Uint8Array(values.length)
  for (let index = 0; index < values.length; index++) levels[index] = values[index] >> 8
  return levels
}

/** CMYK `[pixels, 4]` (0: no ink) to RGB `[pixels, 3]` without a profile: `(255 - K) - C * (255 - K) / 255`, Pillow's rule (`Convert.c`, `cmyk2rgb`). */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const pixels = cmyk.length / 4
  const rgb = new Uint8Array(pixels * 3)
  for (let pixel = 0; pixel < pixels; pixel++) {
    const light = 255 - cmyk[pixel * 4 + 3]
    for (let channel = 0; channel < 3; channel++) rgb[pixel * 3 + channel] = light - divideBy255(cmyk[pixel * 4 + channel] * light)
  }
  return rgb
}

/** Rounded, for 0…65025. */
function divideBy255(value: number): number {
  const shifted = value + 128
  return (shifted + (shifted >> 8)) >> 8
}
