import type { EngineRecord } from '../store/record.ts'

/** Core knows no engine. Whoever opens one in an experiment's process leaves a function here that tells of it; any copy of any package finds it by this symbol. */
const REPORT: symbol = Symbol.for('im-iad.engine-report')

/** What the engine of this process says of itself, or `null` when none was opened or what it says makes no sense. */
export function readEngineReport(): EngineRecord | null {
  const report: unknown = Reflect.get(globalThis, REPORT)
  const said: unknown = typeof report === 'function' ? Reflect.apply(report, undefined, []) : null
  return isEngineRecord(said) ? said : null
}

function isEngineRecord(value: unknown): value is EngineRecord {
  if (typeof value !== 'object' || value === null || !('libraries' in value) || !('fallbacks' in value)) return false
  const { libraries, fallbacks } = value
  return (
    typeof libraries === 'string' &&
    typeof fallbacks === 'object' &&
    fallbacks !== null &&
    Object.values(fallbacks).every((count) => typeof count === 'number')
  )
}
