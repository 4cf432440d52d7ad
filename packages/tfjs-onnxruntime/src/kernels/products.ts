import { backend_util } from '@tensorflow/tfjs-core'
import { broadcastShapes, type Facts } from '../facts.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { matrixProduct } from '../graph/matrix-product.ts'
import { finish, type FusedAttributes } from './activation.ts'
import { defineKernel, defineKernelWithOptions, required, type KernelDefinition } from './kernel-definition.ts'

interface ProductAttributes {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

function productShape([a, b]: readonly Facts[], { transposeA, transposeB }: ProductAttributes): Facts {
  const [rows] = a.shape.slice(transposeA ? -1 : -2)
  const [columns] = b.shape.slice(transposeB ? -2 : -1)
  return { shape: [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns], dtype: a.dtype }
}

function einsumShape(inputs: readonly Facts[], { equation }: { readonly equation: string }): Facts {
  const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, inputs.length)
  const extents = allDims.map((_, dim) => {
    const owner = idDims.findIndex((dims) => dims.includes(dim))
    return inputs[owner].shape[idDims[owner].indexOf(dim)]
  })
  return { shape: extents.slice(0, extents.length - summedDims.length), dtype: inputs[0].dtype }
}

function fusedProduct(graph: Graph, inputs: readonly (Ir | null)[], attributes: ProductAttributes & FusedAttributes): Ir {
  const [a, b] = required('_FusedMatMul', inputs.slice(0, 2))
  return finish(graph, matrixProduct(graph, a, b, attributes.transposeA, attributes.transposeB), inputs[2], inputs[3], attributes)
}

export const productKernels: readonly KernelDefinition[] = [
  defineKernel<ProductAttributes>('BatchMatMul', ['a', 'b'], productShape, (graph, [a, b], { transposeA, transposeB }) =>
    matrixProduct(graph, a, b, transposeA, transposeB),
  ),
  defineKernelWithOptions<ProductAttributes & FusedAttributes>(
    '_FusedMatMul',
    ['a', 'b', 'bias', 'preluActivationWeights'],
    (inputs, attributes) => productShape(required('_FusedMatMul', inputs.slice(0, 2)), attributes),
    fusedProduct,
  ),
  defineKernel<{ readonly equation: string }>('Einsum', 'list', einsumShape, (graph, inputs, { equation }) =>
    graph.node('Einsum', inputs, einsumShape(inputs, { equation }), { equation }),
  ),
]
