import type { InputNormalization } from '@im-iad/core'

/** As the teacher takes its pictures: (p - 127) / 128. */
export const NORMALIZATION: InputNormalization = { mean: [127, 127, 127], std: [128, 128, 128] }
