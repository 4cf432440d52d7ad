import type { NamedTensor } from '@im-iad/weights'
import { LEVELS } from '../../src/architecture.ts'
import type { Teacher } from '../../training/teacher.ts'

/** Gives the mean brightness of every place, in channels of different scale. */
export const tinyTeacher: Teacher = {
  async features({ shape: [count = 0, size = 0], data }) {
    return LEVELS.map(({ channels, stride }): NamedTensor => {
      const side = size / stride
      const means = new Float32Array(count * side * side)
      for (let index = 0; index < data.length; index++) {
        const pixel = Math.floor(index / 3)
        const [x, y] = [pixel % size, Math.floor(pixel / size) % size]
        const image = Math.floor(pixel / (size * size))
        means[(image * side + Math.floor(y / stride)) * side + Math.floor(x / stride)] += data[index] / (3 * stride * stride)
      }
      return {
        shape: [count, side, side, channels],
        data: Float32Array.from(
          { length: means.length * channels },
          (_, index) => means[Math.floor(index / channels)] * (1 + (index % channels)) + 5,
        ),
      }
    })
  },
}
