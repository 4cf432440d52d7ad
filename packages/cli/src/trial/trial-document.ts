import { join } from 'node:path'
import type { TriedAlgorithm } from '@im-iad/predict'
import type { ShownTrial } from './shown-trial.ts'

/** The version of try.json. */
const TRY_SCHEMA = 1

/** What `try --json` prints: stable for programs. */
export function trialDocument({ trial, opened, out, seconds, flags }: ShownTrial): object {
  const { prepared } = opened
  const { threshold, comparison, recommended } = trial
  return {
    schema: TRY_SCHEMA,
    algorithm: recommended.chosen.plugin.id,
    threshold: threshold.value,
    auroc: recommended.auroc,
    model: join(out, 'model'),
    report: join(out, 'report.html'),
    why: comparison.why,
    sure: comparison.sure,
    statement: threshold.statement,
    falseReject: {
      ...threshold.falseReject,
      supported: threshold.supported,
      supportedRate: threshold.supportedRate,
      required: threshold.required,
    },
    detection: threshold.detection,
    costOptimal: trial.costAdvice,
    pictures: {
      good: prepared.good.length,
      parts: prepared.parts.groups,
      bad: prepared.bad.length,
      unreadable: prepared.unreadable.length,
      heldOut: prepared.holdOut.kind,
    },
    algorithms: trial.tried.map(describeTried),
    notTried: trial.left,
    outlier: trial.outlier,
    more: trial.more,
    warnings: opened.warnings,
    budget: flags.budget,
    seed: flags.seed,
    seconds: Math.round(seconds * 10) / 10,
  }
}

function describeTried({ chosen, fitted: { outcome, threshold }, auroc }: TriedAlgorithm): object {
  return {
    id: chosen.plugin.id,
    auroc,
    threshold: threshold.value,
    detection: threshold.detection,
    millisecondsPerPicture: Math.round(outcome.milliseconds * 10) / 10,
    fitSeconds: Math.round(outcome.fitSeconds * 10) / 10,
    notes: outcome.notes,
  }
}
