import type { EvaluatedMap, Evaluation } from '@im-iad/core'

/** x -> 1664525 x + 1013904223 mod 2^32 (Numerical Recipes), the upper 16 bits. */
export function pseudoRandom(count: number, seed: number): Uint32Array {
  let state = seed
  return Uint32Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state >>> 16
  })
}

export function evaluationOf(
  maps: readonly EvaluatedMap[],
  scores: readonly number[] = maps.map((item) => item.map.reduce((largest, value) => Math.max(largest, value), -Infinity)),
): Evaluation {
  const memory = new Map<string, unknown>()
  return {
    samples: maps.map((item, index) => ({ id: `image-${index}`, label: item.mask.includes(1) ? 'anomalous' : 'normal' })),
    scores: Float64Array.from(scores),
    maps: { kind: 'available', items: maps },
    memo<Value>(key: string, compute: () => Value): Value {
      if (!memory.has(key)) memory.set(key, compute())
      return memory.get(key) as Value
    },
  }
}

export function mapOf(width: number, height: number, values: ArrayLike<number>, mask: ArrayLike<number>): EvaluatedMap {
  return { width, height, map: Float32Array.from(values), mask: Uint8Array.from(mask), regions: [] }
}
