import { encodeJpeg, type PixelImage } from '@im-iad/images'
import { html, type Html } from '../html/html.ts'
import type { TrialGallery, TrialPicture } from './trial-page.ts'

const JPEG_QUALITY = 82

/** A section of pictures, each beside its heat; one after the other, so that only one is in memory. */
export async function gallerySection({ title, about, pictures }: TrialGallery): Promise<Html> {
  if (pictures.length === 0) return html``
  const figures: Html[] = []
  for (const picture of pictures) figures.push(await figure(picture))
  return html`<h2>${title}</h2>
    ${about === '' ? html`` : html`<p class="soft">${about}</p>`}
    <div class="gallery">${figures}</div>`
}

async function figure({ name, score, verdict, isWrong, read }: TrialPicture): Promise<Html> {
  const said = isWrong ? html`<span class="bad">${verdict}</span>` : html`${verdict}`
  const caption = html`<figcaption><b>${score.toPrecision(4)}</b> · ${said}<br /><span class="soft">${name}</span></figcaption>`
  const shown = await read().catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
  if (typeof shown === 'string')
    return html`<figure>
      ${caption}
      <figcaption class="bad">The picture can't be shown: ${shown}</figcaption>
    </figure>`
  const plain = html`<img loading="lazy" alt="picture ${name}" src="${await dataUri(shown.picture)}" />`
  const heat =
    shown.heat === null
      ? html`<span class="soft">no map</span>`
      : html`<img loading="lazy" alt="heat map of ${name}" src="${await dataUri(shown.heat)}" />`
  return html`<figure>
    <div class="pair">${plain}${heat}</div>
    ${caption}
  </figure>`
}

async function dataUri(image: PixelImage): Promise<string> {
  return `data:image/jpeg;base64,${Buffer.from(await encodeJpeg(image, JPEG_QUALITY)).toString('base64')}`
}
