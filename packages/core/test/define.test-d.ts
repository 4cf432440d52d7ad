import { describe, expectTypeOf, it } from 'vitest'
import {
  defineParadigm,
  type AlgorithmPlugin,
  type defineAlgorithm,
  type defineMetric,
  type ParameterSchema,
  type PluginOfKind,
} from '../src/index.ts'

interface Parameters {
  readonly ratio: number
  readonly backbone: string
}

declare const parameters: ParameterSchema<Parameters>

describe('define helpers', () => {
  it('infer what plan and create are given from the parameters', () => {
    defineParadigm<Parameters>({
      contract: 1,
      id: 'x',
      revision: 1,
      title: 'x',
      citation: 'x',
      scope: 'category',
      parameters,
      plan(request) {
        expectTypeOf(request.parameters).toEqualTypeOf<Parameters>()
        expectTypeOf(request.category).toEqualTypeOf<string | null>()
        return { steps: [], leaky: null, notes: [] }
      },
    })
    expectTypeOf(parameters).toEqualTypeOf<ParameterSchema<Parameters>>()
  })

  it('refuse a backbone parameter that does not exist, and another contract', () => {
    type Needs = AlgorithmPlugin<Parameters>['needs']
    expectTypeOf<{ backbones: ['backbone'] }>().toExtend<Needs>()
    expectTypeOf<{ backbones: ['ratios'] }>().not.toExtend<Needs>()
    expectTypeOf<Parameters_<typeof defineAlgorithm<Parameters>>['contract']>().toEqualTypeOf<1>()
  })

  it('give the plugin of a kind', () => {
    expectTypeOf<ReturnType<typeof defineMetric>>().toExtend<PluginOfKind<'metric'>>()
    expectTypeOf<PluginOfKind<'dataset'>['kind']>().toEqualTypeOf<'dataset'>()
  })
})

type Parameters_<Function_ extends (definition: never) => unknown> = Function_ extends (definition: infer Definition) => unknown
  ? Definition
  : never
