import { cells } from './cells.ts'
import { chequers } from './chequers.ts'
import { circuit } from './circuit.ts'
import { colouredNoise } from './coloured-noise.ts'
import { contourBands } from './contour-bands.ts'
import { crackle } from './crackle.ts'
import { deadLeaves } from './dead-leaves.ts'
import { facets } from './facets.ts'
import { felt } from './felt.ts'
import { growthRings } from './growth-rings.ts'
import { labyrinth } from './labyrinth.ts'
import { masonry } from './masonry.ts'
import { pebbles } from './pebbles.ts'
import { ridges } from './ridges.ts'
import { ripples } from './ripples.ts'
import { scales } from './scales.ts'
import { studs } from './studs.ts'
import type { TextureFamily } from './texture-family.ts'
import { turingSpots } from './turing-spots.ts'
import { veins } from './veins.ts'
import { warpedClouds } from './warped-clouds.ts'
import { writing } from './writing.ts'

/** Every kind of surface that the backbone is trained on. */
export const TEXTURES: readonly TextureFamily[] = [
  cells,
  chequers,
  circuit,
  colouredNoise,
  contourBands,
  crackle,
  deadLeaves,
  facets,
  felt,
  growthRings,
  labyrinth,
  masonry,
  pebbles,
  ridges,
  ripples,
  scales,
  studs,
  turingSpots,
  veins,
  warpedClouds,
  writing,
]
