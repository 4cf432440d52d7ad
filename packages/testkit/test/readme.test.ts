import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  algorithmChecks,
  backboneChecks,
  datasetChecks,
  executorChecks,
  exporterChecks,
  metricChecks,
  packageChecks,
  paradigmChecks,
  sequenceMetricChecks,
} from '../dist/index.js'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const LISTS = {
  algorithmChecks,
  backboneChecks,
  datasetChecks,
  executorChecks,
  exporterChecks,
  metricChecks,
  packageChecks,
  paradigmChecks,
  sequenceMetricChecks,
}

describe('the README', () => {
  it.each(Object.entries(LISTS))('names %s, and each check with its why', (name, checks) => {
    expect(README).toContain(`\`${name}\``)
    for (const { id, why } of checks) expect(README).toContain(`| \`${id}\` | ${why} |`)
  })

  it('names no check that is gone', () => {
    const named = [...README.matchAll(/^\| `([a-z-]+)` \| [A-Z-]/gm)].map(([, id]) => id)
    const known = new Set(['loads', ...Object.values(LISTS).flatMap((checks) => checks.map(({ id }) => id))])
    expect(named.filter((id) => id !== undefined && !known.has(id))).toEqual([])
    expect(named.length).toBeGreaterThan(known.size - 1)
  })
})

describe('every list', () => {
  it.each(Object.entries(LISTS))('%s has ids that differ, and requires only what comes with it', (_name, checks) => {
    const ids = checks.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { requires } of checks) for (const id of requires) expect(ids).toContain(id)
  })
})
