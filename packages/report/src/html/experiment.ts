import type { EvaluationRecord, ExperimentRecord } from '@im-iad/core'
import { gallery } from './gallery.ts'
import { scoreHistogram } from './histogram.ts'
import { html, type Html } from './html.ts'

/** Everything about one experiment, folded away. @param folder - `experiments/<hash>` */
export async function experimentSection(record: ExperimentRecord, folder: string): Promise<Html> {
  const title = `${record.algorithm} on ${record.dataset}${record.category === null ? '' : `/${record.category}`}`
  const key = record.metrics['image.auroc']
  const headline =
    record.status === 'failed'
      ? html`<span class="bad">failed</span>`
      : html`<span class="soft">${key === null || key === undefined ? '' : `image.auroc ${key.toFixed(3)}`}</span>`
  const content = record.error === null ? await doneBody(record, folder) : html`<p class="bad">${record.error.message}</p>`
  return html`<details class="experiment">
    <summary>${title} <span class="soft">· ${record.paradigm}, seed ${record.seed}</span> ${headline}</summary>
    <div class="body">${content}${footer(record)}</div>
  </details>`
}

async function doneBody(record: ExperimentRecord, folder: string): Promise<Html> {
  return html`${record.notes.map((note) => html`<p class="soft">${note}</p>`)}${evaluationTables(record.evaluations)}
    <h3>Scores</h3>
    ${await scoreHistogram(folder)}${await gallery(folder)}`
}

/** Those of several tasks are many: they are folded away, since the matrices show them already. */
function evaluationTables(evaluations: readonly EvaluationRecord[]): Html {
  const tables = evaluations.map(evaluationTable)
  if (tables.length < 3) return html`${tables}`
  return html`<details>
    <summary>${tables.length} evaluations <span class="soft">every task after every task, with all metrics</span></summary>
    <div class="body">${tables}</div>
  </details>`
}

function evaluationTable({ afterTask, task, counts, metrics, reasons, details }: EvaluationRecord): Html {
  const rows = Object.entries(metrics).map(([id, value]) => {
    const more = Object.entries(details[id] ?? {})
      .map(([name, number]) => `${name} ${Number(number).toPrecision(5)}`)
      .join(', ')
    return html`<tr>
      <td>${id}</td>
      <td class="number">${value === null ? '–' : value.toFixed(4)}</td>
      <td class="soft">${reasons[id] ?? more}</td>
    </tr>`
  })
  return html`<h3>${task}${afterTask === task ? '' : `, after training on ${afterTask}`}</h3>
    <p class="soft">${counts.train} trained on; ${counts.testNormal} normal and ${counts.testAnomalous} anomalous tested</p>
    <div class="scroll">
      <table>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`
}

function footer({ measured, inputs, hash }: ExperimentRecord): Html {
  const stages = Object.entries(measured.latency)
    .map(([stage, { p50, p95 }]) => `${stage} ${Number(p50).toFixed(1)} (p95 ${Number(p95).toFixed(1)})`)
    .join(', ')
  const versions = Object.entries(measured.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
  return html`<h3>How it ran</h3>
    <p class="soft">
      fit ${Number(measured.seconds.fit).toFixed(1)} s, predict ${Number(measured.seconds.predict).toFixed(1)} s, peak
      ${(measured.peakMemoryBytes / 1e6).toFixed(0)} MB${stages === '' ? '' : `; ms per picture: ${stages}`}
    </p>
    <p class="soft">
      ${measured.host.cpu}, ${measured.host.cores} cores, ${measured.host.platform}, Node ${measured.host.node}; ${versions}
    </p>
    <p class="soft">parameters ${JSON.stringify(inputs.algorithm.parameters)}; experiment ${hash}</p>`
}
