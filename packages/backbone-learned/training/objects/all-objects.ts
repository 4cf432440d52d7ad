import { amoeba } from './amoeba.ts'
import { bracket } from './bracket.ts'
import { gear } from './gear.ts'
import type { ObjectFamily } from './object-family.ts'
import { polygon } from './polygon.ts'
import { propeller } from './propeller.ts'
import { spring } from './spring.ts'
import { star } from './star.ts'

/** Every kind of object that the backbone is trained on. */
export const OBJECTS: readonly ObjectFamily[] = [amoeba, bracket, gear, polygon, propeller, spring, star]
