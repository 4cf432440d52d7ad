export type { Matrix, MultiplyByTranspose } from './matrix.ts'
