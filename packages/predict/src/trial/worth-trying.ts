import { roughTime } from './rough-time.ts'

/** A method that could be tried, with what its own estimates say of its time on two cores; infinite where it gives none. */
export interface TrialCandidate {
  readonly id: string
  /** For the pictures that there are, all fits together. */
  readonly seconds: number
  /** For one fit to a small folder, the same for every user: see {@link worthTrying}. */
  readonly smallSeconds: number
}

export interface WorthTrying<Candidate> {
  readonly tried: readonly Candidate[]
  /** Why the others are not, a clause each. */
  readonly left: readonly string[]
}

/** A comparison takes two. */
const MOST = 2
/** More than ten minutes for a second opinion is somebody's own choice. */
const SLOWEST_FURTHER = 600
/** Nor is an hour spent unasked where the fastest takes it. */
const SLOWEST = 1800

/**
 * Which methods are tried where nobody names any: the two fastest. A third is the slowest of three, so it takes at least half as long as the other two together; who wants it names it, and is told
 * what it takes.
 *
 * Fastest is meant for a small folder, however many pictures there are. A network that is trained for a fixed number of steps takes as long for 40 pictures as for 400, so with many pictures it
 * overtakes methods that look at each: not because it got better, but because it sees each picture less often. With 400 pictures of Magnetic Tile, STPM is estimated faster than PaDiM, takes
 * minutes, and has an image AUROC of .629 where PaDiM has .779. This way a folder that grows also keeps its methods.
 */
export function worthTrying<Candidate extends TrialCandidate>(candidates: readonly Candidate[]): WorthTrying<Candidate> {
  const tried: Candidate[] = []
  const left: string[] = []
  for (const candidate of candidates.toSorted((a, b) => a.smallSeconds - b.smallSeconds || a.seconds - b.seconds)) {
    if (isWorth(candidate, tried)) tried.push(candidate)
    else left.push(`${candidate.id}: ${whyLeft(candidate.seconds)}; -a ${candidate.id} tries it`)
  }
  return { tried, left }
}

function isWorth(candidate: TrialCandidate, tried: readonly TrialCandidate[]): boolean {
  if (tried.length === 0) return candidate.seconds <= SLOWEST
  return tried.length < MOST && candidate.seconds <= SLOWEST_FURTHER
}

function whyLeft(seconds: number): string {
  return Number.isFinite(seconds) ? `about ${roughTime(seconds)} more` : 'it does not say how long it takes'
}
