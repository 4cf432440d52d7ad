import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { experimentDirectory, type ExperimentRecord } from '@im-iad/core'
import { runFacts, warningsOf } from '../run-facts.ts'
import { experimentSection } from './experiment.ts'
import { html, raw, type Html } from './html.ts'
import { resultsTable } from './results-table.ts'
import { sequenceSection } from './sequences.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/** A run to report. */
export interface ReportedRun {
  readonly run: string
  /** `runs/<name>`. */
  readonly directory: string
  readonly records: readonly ExperimentRecord[]
}

export interface HtmlReportRequest {
  readonly runs: readonly ReportedRun[]
  /** Where to write the page. */
  readonly file: string
}

/**
 * Writes one self-contained page: results, what was run, and the worst misses and false alarms with their heat maps. It asks the network for nothing and its policy
 * forbids it; it works without scripts.
 */
export async function writeHtmlReport({ runs, file }: HtmlReportRequest): Promise<void> {
  const records = runs.flatMap((run) => run.records)
  const sections: Html[] = []
  for (const { directory, records: ofRun } of runs)
    for (const record of ofRun) sections.push(await experimentSection(record, experimentDirectory(directory, record.hash)))
  await writeFile(file, page(runs.map((run) => run.run).join(', '), records, sections).markup)
}

function page(title: string, records: readonly ExperimentRecord[], sections: readonly Html[]): Html {
  // The hash is of the script to the last blank, so nothing may come between it and its tags.
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`
  const facts = runFacts(records).map(([name, value]) => html`<li><b>${name}</b>${value}</li>`)
  const warnings = warningsOf(records).map((warning) => html`<li>${warning}</li>`)
  const filter =
    sections.length > 3
      ? html`<div class="filters"><input type="search" placeholder="Filter experiments" aria-label="Filter experiments" /></div>`
      : html``
  return html`${raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title} · im-iad</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="soft">${records.length} experiments, im-iad</p>
          <ul class="facts">
            ${facts}
          </ul>
          <h2>Results</h2>
          ${resultsTable(records)}${sequenceSection(records)}
          ${
            warnings.length === 0
              ? html``
              : html`<h2>Read this first</h2>
                  <ul class="notes">
                    ${warnings}
                  </ul>`
          }
          <h2>Experiments</h2>
          ${filter}${sections}
        </main>
        ${raw(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `
}
