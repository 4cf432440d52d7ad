import type { Evaluation } from '../contracts/metric.ts'

/** What metrics see: the parts, and a memory for intermediates that several metrics share. */
export function createEvaluation(parts: Omit<Evaluation, 'memo'>): Evaluation {
  const memory = new Map<string, unknown>()
  return {
    ...parts,
    memo<Value>(key: string, compute: () => Value): Value {
      if (!memory.has(key)) memory.set(key, compute())
      return memory.get(key) as Value
    },
  }
}
