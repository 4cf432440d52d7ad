import type { ModelDescription } from '@im-iad/predict'
import { detectionText, shortNumber } from '../fit/say-threshold.ts'
import { labelled } from '../labelled.ts'

/** What a model folder says of itself, for people. @param width - of a line, in characters */
export function modelText(folder: string, description: ModelDescription, width: number): string {
  const { algorithm, backbones, budget, data, engine, input, made, seed, textures, threshold } = description
  const line = (label: string, text: string): string => labelled(label, text, width)
  const { resize, crop } = input
  return [
    line('model', folder),
    line('algorithm', `${algorithm.id}, revision ${algorithm.revision} of ${algorithm.package}@${algorithm.version}`),
    line('parameters', Object.entries(algorithm.parameters).map(parameterText).join(', ')),
    line(
      'input',
      `${resize.width} x ${resize.height} pixels${crop === null ? '' : `, of which the middle ${crop.width} x ${crop.height}`}`,
    ),
    ...backbones.map(({ name, sha256 }) => line('backbone', `${name}${sha256 === null ? '' : `, SHA-256 ${sha256}`}`)),
    ...(textures === null ? [] : [line('textures', `SHA-256 ${textures}`)]),
    line('threshold', `${shortNumber(threshold.value)}: what scores above it is anomalous`),
    line('', threshold.statement),
    line('finds', detectionText(threshold)),
    line('fitted on', `${data.trained} of ${data.good} good pictures (budget ${budget}, seed ${seed}); ${data.bad} bad ones judged it`),
    line('pictures', `SHA-256 ${data.fingerprint}`),
    line('made', `${made.at} with Node ${made.node} on ${made.platform}${engine === null ? '' : `, ${engine}`}`),
  ].join('\n')
}

function parameterText([name, value]: readonly [string, unknown]): string {
  return `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`
}
