import { defineCheck, violates, type Check } from '../check.ts'
import type { PluginSubject } from '../subjects/plugin-subject.ts'
import type { ImportReport } from '../process/process-job.ts'

/** Libraries that take long to load or hold native code. */
const HEAVY = /[\\/]node_modules[\\/](onnxruntime-[a-z]+|sharp|@img|@tensorflow)[\\/]/

/** What holds for a plugin of any kind. */
export const pluginChecks: readonly Check<PluginSubject>[] = [
  defineCheck({
    id: 'describes-itself',
    why: 'Lists, reports and papers show the title and cite the source.',
    fix: 'give it a title of one line without a full stop, and a citation where its contract has one',
    run({ plugin }) {
      if (/[\r\n]/.test(plugin.title)) violates('"title" has several lines')
      if (/\.\s*$/.test(plugin.title)) violates(`"title" ends with a full stop: ${JSON.stringify(plugin.title)}`)
      if ('citation' in plugin && /[\r\n]/.test(plugin.citation)) violates('"citation" has several lines')
    },
  }),
  defineCheck({
    id: 'imports-nothing-heavy',
    why: 'Every command imports the plugins it uses before it does anything: a library of hundreds of megabytes at the top of one slows all of them.',
    fix: 'import heavy libraries inside the function that first needs them: const { … } = await import("./…")',
    async run(subject) {
      const heavy = (await importReport(subject)).loaded.filter((path) => path.endsWith('.node') || HEAVY.test(path))
      if (heavy.length > 0)
        violates(`importing the entry loads ${heavy.slice(0, 3).join(', ')}${heavy.length > 3 ? ` and ${heavy.length - 3} more` : ''}`)
    },
  }),
  defineCheck({
    id: 'imports-without-effects',
    why: 'Importing a plugin must do nothing: it is imported to be described as well as to be run.',
    fix: 'move what runs at import time into the functions of the contract',
    async run(subject) {
      const report = await importReport(subject)
      const { importOutput } = await subject.processReport()
      const effects = [
        ...(importOutput === '' ? [] : [`prints ${JSON.stringify(importOutput.slice(0, 60))}`]),
        ...report.newGlobals.filter((name) => !isPrivate(name)).map((name) => `sets the global ${name}`),
        ...report.newListeners.map((name) => `listens to the process's event "${name}"`),
        ...report.openHandles.map((name) => `leaves a ${name} open`),
        ...report.changedEnvironment.map((name) => `changes the environment: ${name}`),
        ...(report.workingDirectoryChanged ? ['changes the working directory'] : []),
      ]
      if (effects.length > 0) violates(`importing the entry ${effects.join(', ')}`)
    },
  }),
]

async function importReport(subject: PluginSubject): Promise<ImportReport> {
  const { imported, failure } = await subject.processReport()
  return imported ?? violates(`importing the entry in a process of its own failed: ${failure ?? 'no reason given'}`)
}

/** Registries that libraries keep for copies of themselves (zod's, say) are nobody else's business. */
function isPrivate(name: string): boolean {
  return name.startsWith('__') || name.startsWith('Symbol(')
}
