const SIDE = 64

/** A picture as a bitmap file of 24 bits per pixel: a striped surface, never twice the same; `isBad` burns a dark square into it. */
export function bitmap(seed: number, isBad: boolean): Buffer {
  const pixels = SIDE * SIDE * 3
  const file = Buffer.alloc(54 + pixels)
  file.write('BM', 'latin1')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54, 10)
  // BITMAPINFOHEADER: its size, width, height, planes, bits per pixel.
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(SIDE, 18)
  file.writeInt32LE(SIDE, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  for (let index = 0; index < pixels; index++) {
    const pixel = Math.floor(index / 3)
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)]
    const isDefect = isBad && x > 24 && x < 40 && y > 20 && y < 36
    file[54 + index] = isDefect ? 20 : 120 + 30 * Math.sin(x / 3 + seed) + ((index * 7919 + seed * 104_729) % 17)
  }
  return file
}
