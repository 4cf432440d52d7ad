import { describeParameters, resolveParameters, type ParameterSchema, type Plugin } from '@im-iad/core'
import { isDeepStrictEqual } from 'node:util'
import { defineCheck, violates, type Check } from '../check.ts'
import type { PluginSubject } from '../subjects/plugin-subject.ts'

type WithParameters = Extract<Plugin, { readonly parameters: ParameterSchema }>

/** What holds for every plugin that has parameters. */
export const parameterChecks: readonly Check<PluginSubject<WithParameters>>[] = [
  defineCheck({
    id: 'parameters-have-defaults',
    why: 'A plugin is used by its id alone: every parameter needs a default, and the schema must fill it in.',
    fix: 'give every parameter a default and a synchronous schema, so that {} is valid',
    run({ plugin }) {
      const resolved = resolveParameters(plugin)
      const names = describeParameters(plugin.parameters).map(({ name }) => name)
      const missing = names.filter((name) => resolved[name] === undefined)
      if (missing.length > 0) violates(`{} leaves ${missing.join(', ')} without a value`)
    },
  }),
  defineCheck({
    id: 'parameters-describe-themselves',
    why: '"im-iad info" and --help show what a parameter is for; nobody reads the source.',
    fix: 'describe every parameter in its schema (zod: .describe("…"))',
    run({ plugin }) {
      const silent = describeParameters(plugin.parameters).filter(({ description }) => description.trim() === '')
      if (silent.length > 0) violates(`without a description: ${silent.map(({ name }) => name).join(', ')}`)
    },
  }),
  defineCheck({
    id: 'parameters-are-plain-data',
    why: 'Parameters are hashed and written to the record as JSON; what JSON cannot hold makes two different experiments look the same.',
    fix: 'use numbers, text, booleans, null, lists and plain objects; no dates, maps, undefined, NaN or class instances',
    requires: ['parameters-have-defaults'],
    run({ plugin }) {
      const resolved = resolveParameters(plugin)
      const lost = Object.keys(resolved).filter((name) => !isDeepStrictEqual(asJson(resolved[name]), resolved[name]))
      if (lost.length > 0) violates(`JSON does not hold the default of ${lost.join(', ')}`)
    },
  }),
]

function asJson(value: unknown): unknown {
  const text: string | undefined = JSON.stringify(value)
  return text === undefined ? undefined : JSON.parse(text)
}
