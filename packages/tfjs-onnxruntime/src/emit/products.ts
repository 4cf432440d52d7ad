import { attributesOf, type Emitters } from './emitter.ts'

export const productEmitters: Emitters = {
  MatrixProduct(emission, ir) {
    const [a, b] = ir.inputs
    const { transposeA, transposeB } = attributesOf<{ readonly transposeA: boolean; readonly transposeB: boolean }>(ir)
    const left = emission.get(a, 'logical')
    const right = emission.get(b, 'logical')
    emission.put(ir, 'logical', emission.matrixProduct(left, right, [a.shape.length, b.shape.length], transposeA, transposeB, a.dtype))
  },
  Einsum(emission, ir) {
    const { equation } = attributesOf<{ readonly equation: string }>(ir)
    const operands = ir.inputs.map((input) => emission.get(input, 'logical'))
    emission.put(ir, 'logical', emission.node('Einsum', operands, { equation }))
  },
  Resample(emission, ir) {
    const [x, rows, columns] = ir.inputs
    const [, height, width] = x.shape
    const image = emission.get(x, 'channels-first')
    const wide =
      width === ir.shape[2] && isIdentity(columns)
        ? image
        : emission.node('MatMul', [image, emission.transpose(emission.get(columns, 'logical'), [1, 0])])
    const high = height === ir.shape[1] && isIdentity(rows) ? wide : emission.node('MatMul', [emission.get(rows, 'logical'), wide])
    emission.put(ir, 'channels-first', high)
  },
}

function isIdentity({ values, shape }: { readonly values: ArrayLike<number> | null; readonly shape: readonly number[] }): boolean {
  if (values === null) return false
  for (let row = 0; row < shape[0]; row++)
    for (let column = 0; column < shape[1]; column++) if (values[row * shape[1] + column] !== Number(row === column)) return false
  return true
}
