import { defineParadigm, type ParadigmPlugin } from '@im-iad/core'
import { parameters, type PluginParameters } from './parameters.ts'
import { planProtocol } from './plan-protocol.ts'

const plugin: ParadigmPlugin<PluginParameters> = defineParadigm<PluginParameters>({
  contract: 1,
  id: '__id__',
  // Raise it whenever the same samples and seed may give another protocol.
  revision: 1,
  title: 'Train on a share of the normal parts, test on the rest',
  citation: 'none',
  scope: 'category',
  parameters,
  plan: planProtocol,
})

export default plugin
