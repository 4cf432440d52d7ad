import type { EngineInspection } from '@im-iad/nn'

const INDENT = ' '.repeat(24)

/** The tensor engines as lines for people: state, name, speed, libraries, and for what is not there why and what to do. */
export function sayEngines(engines: readonly EngineInspection[], device: string): readonly string[] {
  return [`tensor engines on ${device}`, ...engines.flatMap(sayEngine)]
}

function sayEngine({
  engine,
  isDefault,
  available,
  version,
  problem,
  fix,
  gigaflopsPerSecond,
  fallbacks,
}: EngineInspection): readonly string[] {
  const name = `${available ? 'ok' : isDefault ? 'problem' : 'absent'}`.padEnd(9) + engine.padEnd(15)
  if (!available) return [`${name}${problem ?? ''}`, `${INDENT}fix: ${fix ?? ''}`]
  const speed = `${formatSpeed(gigaflopsPerSecond ?? 0)} GFLOP/s`.padEnd(16)
  const fallen = Object.entries(fallbacks).map(([kernel, count]) => `${kernel} ${count}x`)
  return [
    `${name}${speed}${version ?? ''}${isDefault ? ', the default' : ''}`,
    ...(fallen.length === 0 ? [] : [`${INDENT}computed by the cpu engine instead: ${fallen.join(', ')}`]),
  ]
}

function formatSpeed(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toString()
}
