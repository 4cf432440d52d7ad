import { isImIadError, type ParadigmRequest, type Protocol } from '@im-iad/core'
import { describeThrown, violates } from '../../check.ts'
import { factSets, requestsFor, type FactSet } from '../../fixtures/sample-facts.ts'
import type { ParadigmSubject } from '../../subjects/paradigm-subject.ts'

/** A protocol with what it was made for. */
export interface PlannedProtocol {
  /** For messages: which samples, which category. */
  readonly name: string
  readonly request: ParadigmRequest<object>
  readonly protocol: Protocol
}

/** The protocols for all fact sets that the paradigm accepts; refusing one by an ImIadError is its right. */
export function plannedProtocols(
  { plugin, parameters }: ParadigmSubject,
  sets: readonly FactSet[] = factSets,
  change: Readonly<Record<string, unknown>> = {},
): readonly PlannedProtocol[] {
  return sets.flatMap((set) =>
    requestsFor(plugin, set, parameters(change)).flatMap((request) => {
      const name = `${set.name}, ${request.category === null ? 'all categories' : `category "${request.category}"`}`
      const protocol = planOrRefuse(plugin.plan, request, name)
      return protocol === null ? [] : [{ name, request, protocol }]
    }),
  )
}

function planOrRefuse(plan: ParadigmSubject['plugin']['plan'], request: ParadigmRequest<object>, name: string): Protocol | null {
  try {
    return plan(request)
  } catch (error) {
    if (isImIadError(error)) return null
    return violates(`${name}: it throws ${describeThrown(error)}, not an ImIadError`)
  }
}

export function trainedIds({ steps }: Protocol): readonly string[] {
  return steps.flatMap((step) => step.train.map((item) => item.id))
}

export function testedIds({ steps }: Protocol): readonly string[] {
  return steps.flatMap((step) => step.evaluate.flatMap((test) => test.ids))
}
