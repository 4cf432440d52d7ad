import { writeFile } from 'node:fs/promises'
import { html, raw, type Html } from '../html/html.ts'
import { STYLE } from '../html/style.ts'
import { scoreChart } from './score-chart.ts'
import { gallerySection } from './trial-gallery.ts'
import type { TrialMethod, TrialPage } from './trial-page.ts'

/** The page has no script at all, and asks the network for nothing. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

/** Pictures side by side may be higher than wide or the other way round; the pair keeps their shape. */
const TRIAL_STYLE =
  '.verdict { font-size: 1.15rem } tr.chosen td { font-weight: 600; background: var(--card) } .pair { align-items: start } td.wrap { white-space: normal } .gallery { align-items: start }'

/** Writes what `im-iad try` found as one self-contained offline page. */
export async function writeTrialPage(page: TrialPage, file: string): Promise<void> {
  const galleries: Html[] = []
  for (const gallery of page.galleries) galleries.push(await gallerySection(gallery))
  const [headline = '', ...rest] = page.verdict
  const document = html`${raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${page.title} · im-iad</title>
        <style>
          ${raw(STYLE)}${raw(TRIAL_STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${page.title}</h1>
          <p class="verdict">${headline}</p>
          ${rest.map((sentence) => html`<p>${sentence}</p>`)}
          <ul class="facts">
            ${page.facts.map(([name, value]) => html`<li><b>${name}</b>${value}</li>`)}
          </ul>
          ${list('Read this first', page.warnings)}
          <h2>Scores and threshold</h2>
          ${scoreChart(page.scores)}
          <h2>Methods</h2>
          ${methodTable(page.methods)}
          ${page.methods.some(({ auroc }) => /^\d/.test(auroc)) ? html`<p class="soft">Image AUROC is how often a bad picture scores above a good one: 1 is always, 0.5 is guessing.</p>` : html``}
          ${page.notTried.map((reason) => html`<p class="soft">Not tried: ${reason}</p>`)} ${list('More pictures', page.more)}${galleries}
        </main>
      </body>
    </html> `
  await writeFile(file, document.markup)
}

function list(title: string, sentences: readonly string[]): Html {
  if (sentences.length === 0) return html``
  return html`<h2>${title}</h2>
    <ul class="notes">
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>`
}

function methodTable(methods: readonly TrialMethod[]): Html {
  const rows = methods.map(
    ({ name, auroc, detection, threshold, millisecondsPerPicture, fitSeconds, recommended }) =>
      html`<tr class="${recommended ? 'chosen' : ''}">
        <td>${name}${recommended ? ' (recommended)' : ''}</td>
        <td class="wrap">${auroc}</td>
        <td class="wrap">${detection}</td>
        <td class="number">${threshold}</td>
        <td class="number">${millisecondsPerPicture.toFixed(0)}</td>
        <td class="number">${fitSeconds.toFixed(1)}</td>
      </tr>`,
  )
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>method</th>
          <th>image AUROC</th>
          <th>bad pictures found at its threshold</th>
          <th class="number">threshold</th>
          <th class="number">ms/picture</th>
          <th class="number">fit, s</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}
