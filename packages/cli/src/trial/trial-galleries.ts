import { frameMap, readPicture, type FingerprintedSample } from '@im-iad/core/machinery'
import { overlay, readMap, resample, type PixelImage } from '@im-iad/images'
import type { TrialGallery, TrialPicture } from '@im-iad/report'
import type { ShownTrial } from './shown-trial.ts'

/** The longer side of a picture on the page, in pixels. */
const SHOWN_SIDE = 360

/** More would make the page too large to open; the scores of all are in the histogram. */
const MOST_BAD = 400

/** Bad pictures, the missed ones first; then the good ones with the highest scores. */
export function trialGalleries({ trial, opened }: ShownTrial): readonly TrialGallery[] {
  const { good, bad } = opened.prepared
  const { outcome } = trial.recommended.fitted
  const threshold = trial.threshold.value
  const range = heatRange(outcome.heat, threshold)
  const { input } = trial.recommended.chosen.plugin
  const geometry = input(trial.recommended.chosen.parameters)
  const show = (sample: FingerprintedSample, score: number): TrialPicture => ({
    name: sample.facts.id,
    score,
    verdict: verdictOf(sample.sample.label === 'anomalous', score > threshold),
    isWrong: (sample.sample.label === 'anomalous') !== score > threshold,
    read: async () => {
      const { facts, maskFingerprints } = sample
      const picture = shrink(await readPicture({ sample: sample.sample, sha256: facts.sha256, maskFingerprints }))
      const file = outcome.maps[facts.id]
      if (file === undefined) return { picture, heat: null }
      const data = await frameMap(await readMap(file), picture, { geometry, frame: 'native' })
      return { picture, heat: overlay(picture, { width: picture.width, height: picture.height, data }, { range }) }
    },
  })
  const badByScore = bad
    .flatMap((sample, index) => (outcome.bad[index] === undefined ? [] : [{ sample, score: outcome.bad[index] }]))
    .toSorted((a, b) => a.score - b.score)
  const unusual = good
    .flatMap((sample, index) => {
      const score = outcome.good[index] ?? null
      return score === null || (outcome.maps[sample.facts.id] === undefined && Object.keys(outcome.maps).length > 0)
        ? []
        : [{ sample, score }]
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, 12)
  const alarms = unusual.filter(({ score }) => score > threshold).length
  return [
    {
      title: 'Bad pictures',
      about: `The lowest scores first: those that are missed. On the left the picture, on the right where the model finds it unusual; the colours go from ${range.min.toPrecision(3)} to ${range.max.toPrecision(3)} in all of them.${badByScore.length > MOST_BAD ? ` ${MOST_BAD} of ${badByScore.length} are shown.` : ''}`,
      pictures: badByScore.slice(0, MOST_BAD).map(({ sample, score }) => show(sample, score)),
    },
    {
      title: alarms > 0 ? 'The worst false alarms' : 'The most unusual good pictures',
      about:
        alarms > 0
          ? `${alarms} of these are above the threshold. If one is bad, move it into bad/ and try again.`
          : 'None is above the threshold. If one is bad, move it into bad/ and try again.',
      pictures: unusual.map(({ sample, score }) => show(sample, score)),
    },
  ]
}

function verdictOf(isBad: boolean, isAbove: boolean): string {
  if (isBad) return isAbove ? 'found' : 'missed'
  return isAbove ? 'false alarm' : 'passes'
}

function heatRange(
  heat: { readonly median: number; readonly high: number } | null,
  threshold: number,
): { readonly min: number; readonly max: number } {
  if (heat === null || heat.high <= heat.median) return { min: 0, max: threshold > 0 ? threshold : 1 }
  return { min: heat.median, max: 2 * heat.high - heat.median }
}

function shrink(picture: PixelImage): PixelImage {
  const scale = Math.min(1, SHOWN_SIDE / Math.max(picture.width, picture.height))
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  return resample(picture, { width, height, filter: 'bilinear' })
}
