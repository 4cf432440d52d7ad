import type { GradConfig } from '@tensorflow/tfjs-core'
import { gradientOf, runKernel } from './gradient.ts'

export const poolingGradients: readonly GradConfig[] = [
  gradientOf('MaxPool', { inputs: ['x'], outputs: [true] }, (dy, [input, output], attributes) => ({
    x: () => runKernel('MaxPoolGrad', { dy, input, output }, attributes),
  })),
  gradientOf('AvgPool', { inputs: ['x'] }, (dy, [input], attributes) => ({ x: () => runKernel('AvgPoolGrad', { dy, input }, attributes) })),
]
