import { between, scaleBetween } from '../scenes/draws.ts'
import { fieldOf } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Things that hide one another, small ones far more often than large ones (Lee, Mumford and Huang, IJCV 2001). */
export const deadLeaves: TextureFamily = {
  id: 'dead-leaves',
  motif: 'occlusion',
  paint(size, random) {
    const field = fieldOf(size, () => 0.5)
    const count = 60 + random.integer(240)
    const [smallest, largest] = [size * between(random, 0.01, 0.04), size * between(random, 0.1, 0.35)]
    const shading = between(random, 0, 0.6)
    for (let leaf = 0; leaf < count; leaf++) paintLeaf(field, size, scaleBetween(random, smallest, largest), shading, random)
    return field
  },
}

function paintLeaf(
  field: Float32Array,
  size: number,
  radius: number,
  shading: number,
  random: Parameters<TextureFamily['paint']>[1],
): void {
  const [centreX, centreY] = [size * random.uniform(), size * random.uniform()]
  const [tone, angle, slant] = [random.uniform(), between(random, 0, 2 * Math.PI), between(random, 0.3, 1)]
  const corners = between(random, 2, 8)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [top, bottom] = [Math.max(0, Math.floor(centreY - radius)), Math.min(size, Math.ceil(centreY + radius))]
  const [left, right] = [Math.max(0, Math.floor(centreX - radius)), Math.min(size, Math.ceil(centreX + radius))]
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const along = ((x - centreX) * cos + (y - centreY) * sin) / radius
      const across = ((y - centreY) * cos - (x - centreX) * sin) / (radius * slant)
      // A superellipse: from a rhombus to nearly a box.
      if (Math.abs(along) ** (corners / 2) + Math.abs(across) ** (corners / 2) < 1)
        field[y * size + x] = Math.min(1, Math.max(0, tone + shading * along * 0.5))
    }
}
