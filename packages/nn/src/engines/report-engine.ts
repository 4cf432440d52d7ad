import type { TensorEngine } from './engine-request.ts'
import { describeEngine, readFallbacks } from './engine-version.ts'

/** The runner of experiments looks here for what goes into a record; it depends on no engine. */
const REPORT: symbol = Symbol.for('im-iad.engine-report')

/** From now on the record of this process's experiment names the engine's libraries, and the calls that it left to the cpu engine. */
export async function reportEngine(tf: TensorEngine): Promise<void> {
  const libraries = await describeEngine(tf)
  Reflect.set(globalThis, REPORT, () => ({ libraries, fallbacks: readFallbacks(tf) }))
}
