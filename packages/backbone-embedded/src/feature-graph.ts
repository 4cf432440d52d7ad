import type { FeatureLevel, GraphValue as Value, GraphWriter } from '@im-iad/core'
import { GraphBuilder } from '@im-iad/onnx'
import { FilterGraph, type Padding } from './filter-graph.ts'
import { COLOUR_WEIGHT, COMPRESSION, GAIN_CONTROL, NEIGHBOURHOOD, NEIGHBOURHOOD_OCTAVE, OPPONENT_COLOURS } from './filter-settings.ts'
import { binomialSquare, morletPair } from './kernels.ts'
import { COLOUR_CHANNELS, LEVELS, OCTAVES, ORIENTATIONS } from './levels.ts'

/** The model's input: `[batch, height, width, 3]`, RGB in 0…255. */
export const INPUT = 'pixels'

/**
 * The whole formula (see the README) as one ONNX model of standard operators, for any batch and any sides that are multiples of 16. One output per level,
 * under its name, `[batch, height / stride, width / stride, channels]`.
 */
export function buildFeatureGraph(): Uint8Array<ArrayBuffer> {
  const builder = new GraphBuilder('embedded-backbone')
  const values = traceLevels(builder, builder.input(INPUT, ['batch', 'height', 'width', 3]), LEVELS)
  for (const [index, { name, channels, stride }] of LEVELS.entries())
    builder.output(name, values[index], ['batch', `height / ${stride}`, `width / ${stride}`, channels])
  return builder.build()
}

/** The formula inside another graph: from float32 `[batch, height, width, 3]` to a value per level, `[batch, height / stride, width / stride, channels]`. */
export function traceLevels(writer: GraphWriter, pixels: Value, levels: readonly FeatureLevel[]): readonly Value[] {
  const graph = new FilterGraph(writer)
  const [luminance, colours] = opponentColours(graph, pixels)
  const octaves = pyramid(graph, luminance)
  const energies = octaves.map((_, octave) => compress(graph, orientedEnergy(graph, normalizeContrast(graph, octaves, octave))))
  return levels.map(({ stride }) => {
    const pooled = energies.flatMap((energy, octave) => (2 ** octave <= stride ? [graph.averagePool(energy, stride / 2 ** octave)] : []))
    const level = graph.node('Concat', [...pooled, graph.averagePool(colours, stride)], { axis: 1 })
    return graph.node('Transpose', [level], { perm: [0, 2, 3, 1] })
  })
}

function opponentColours(graph: FilterGraph, pixels: Value): readonly [luminance: Value, colours: Value] {
  const planes = graph.node('Transpose', [pixels], { perm: [0, 3, 1, 2] })
  const weights = Float32Array.from(OPPONENT_COLOURS.flat(), (weight) => weight / 255)
  const opponent = graph.node('Conv', [planes, graph.constant(weights, [3, 3, 1, 1])])
  const [luminance, colours] = graph.split(opponent, [1, COLOUR_CHANNELS])
  return [luminance, graph.scale(colours, COLOUR_WEIGHT)]
}

/** Octave 0 is the plane itself; each further one halves it (Burt and Adelson, 1983, with a filter that is symmetric between positions). */
function pyramid(graph: FilterGraph, plane: Value): readonly Value[] {
  const octaves = [plane]
  while (octaves.length < OCTAVES) octaves.push(halve(graph, octaves[octaves.length - 1]))
  return octaves
}

function halve(graph: FilterGraph, plane: Value, times = 1): Value {
  const padding: Padding = { top: 1, left: 1, bottom: 1, right: 1 }
  let halved = plane
  for (let step = 0; step < times; step++) halved = graph.correlate(halved, [binomialSquare()], padding, 2)
  return halved
}

/** Divisive normalisation: the deviation from the local mean, in units of local contrast (Heeger, 1992; Schwartz and Simoncelli, 2001). */
function normalizeContrast(graph: FilterGraph, octaves: readonly Value[], octave: number): Value {
  const halvings = Math.max(0, NEIGHBOURHOOD_OCTAVE - octave)
  const size = octave <= NEIGHBOURHOOD_OCTAVE ? NEIGHBOURHOOD.fine : NEIGHBOURHOOD.coarse
  const localMean = graph.enlarge(graph.blur(octaves[octave + halvings], size), 2 ** halvings)
  const deviation = graph.node('Sub', [octaves[octave], localMean])
  const localVariance = graph.enlarge(graph.blur(halve(graph, graph.square(deviation), halvings), size), 2 ** halvings)
  const pictureVariance = graph.scale(graph.pictureMean(localVariance), GAIN_CONTROL.pictureShare)
  return graph.divideByRoot(deviation, localVariance, pictureVariance, graph.scalar(GAIN_CONTROL.floor ** 2))
}

/** The modulus of the Morlet wavelet transform at every orientation: energy, whatever the phase (Adelson and Bergen, 1985). */
function orientedEnergy(graph: FilterGraph, plane: Value): Value {
  const pairs = Array.from({ length: ORIENTATIONS }, (_, index) => morletPair((Math.PI * index) / ORIENTATIONS))
  const kernels = [...pairs.map(({ even }) => even), ...pairs.map(({ odd }) => odd)]
  const radius = (kernels[0].width - 1) / 2
  const responses = graph.correlate(plane, kernels, { top: radius, left: radius, bottom: radius, right: radius })
  const [even, odd] = graph.split(graph.square(responses), [ORIENTATIONS, ORIENTATIONS])
  return graph.node('Sqrt', [graph.node('Add', [even, odd])])
}

/** Brings channels that are weak all over the picture closer to strong ones: each is divided by the root of its own mean. */
function compress(graph: FilterGraph, energy: Value): Value {
  const compressed = graph.divideByRoot(energy, graph.pictureMean(energy), graph.scalar(COMPRESSION.offset))
  return graph.scale(compressed, COMPRESSION.gain)
}
