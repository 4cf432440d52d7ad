import { readFileSync } from 'node:fs'
import { buildApplication, buildRouteMap, text_en, type Application } from '@stricli/core'
import { bundleCommand } from './commands/bundle.ts'
import { doctorCommand } from './commands/doctor.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { exportCommand } from './commands/export.ts'
import { fitCommand } from './commands/fit.ts'
import { infoCommand } from './commands/info.ts'
import { listCommand } from './commands/list.ts'
import { planCommand, runCommand } from './commands/run.ts'
import { pluginsRoutes } from './commands/plugins.ts'
import { predictCommand } from './commands/predict.ts'
import { reportCommand } from './commands/report.ts'
import { weightsRoutes } from './commands/weights.ts'
import { tryCommand } from './commands/try.ts'
import type { ImIadContext } from './context.ts'
import { describeError } from './describe-error.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }

const routes = buildRouteMap<
  | 'run'
  | 'plan'
  | 'list'
  | 'info'
  | 'plugins'
  | 'doctor'
  | 'report'
  | 'evaluate'
  | 'try'
  | 'fit'
  | 'predict'
  | 'export'
  | 'weights'
  | 'bundle',
  ImIadContext
>({
  routes: {
    run: runCommand,
    plan: planCommand,
    list: listCommand,
    info: infoCommand,
    plugins: pluginsRoutes,
    doctor: doctorCommand,
    report: reportCommand,
    evaluate: evaluateCommand,
    weights: weightsRoutes,
    try: tryCommand,
    fit: fitCommand,
    predict: predictCommand,
    export: exportCommand,
    bundle: bundleCommand,
  },
  docs: {
    brief:
      'Benchmarks industrial image anomaly detection: datasets, algorithms and learning paradigms are plugins that are found where they are installed.',
  },
})

/** The command line of im-iad. */
export const application: Application<ImIadContext> = buildApplication(routes, {
  name: 'im-iad',
  versionInfo: { currentVersion: version },
  scanner: { caseStyle: 'allow-kebab-for-camel' },
  documentation: { useAliasInUsageLine: true, onlyRequiredInUsageLine: true },
  determineExitCode: () => 2,
  localization: { text: { ...text_en, exceptionWhileRunningCommand: describeError } },
})
