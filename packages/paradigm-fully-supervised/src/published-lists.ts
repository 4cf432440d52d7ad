/**
 * The ten abnormal images per category of MVTec AD that the SemiREST authors train on (index file of BeJane/ADClick; legacy NumPy shuffle, seed 0), as numbers of files by defect
 * type. The supervised rows of Table VIII of Xie et al. go back to them.
 */
export const PUBLISHED_LISTS: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  bottle: { broken_large: [8, 11, 13], broken_small: [2, 5, 8, 10, 21], contamination: [2, 11] },
  cable: {
    bent_wire: [1],
    combined: [3, 6],
    cut_inner_insulation: [1, 3, 12],
    cut_outer_insulation: [2],
    missing_wire: [7],
    poke_insulation: [1, 9],
  },
  capsule: { crack: [1], faulty_imprint: [9, 18, 20], poke: [12, 20], scratch: [2, 7, 10, 16] },
  carpet: { color: [8, 18], cut: [2, 13], hole: [13], metal_contamination: [7, 9, 11], thread: [2, 15] },
  grid: { bent: [0, 1, 7], broken: [2, 11], glue: [9, 10], metal_contamination: [10], thread: [4, 10] },
  hazelnut: { crack: [5, 9, 10, 13, 17], cut: [7], hole: [13, 16], print: [6, 16] },
  leather: { color: [3, 7], cut: [2, 13, 16], glue: [3, 5, 14], poke: [5, 13] },
  metal_nut: { bent: [7, 10, 22], color: [6], flip: [3, 7, 13], scratch: [2, 13, 16] },
  pill: { color: [7], combined: [0, 6, 9, 15], contamination: [7, 8], crack: [4, 9], scratch: [6] },
  screw: { manipulated_front: [7, 8, 10, 22], scratch_head: [17, 22, 23], scratch_neck: [1], thread_side: [21], thread_top: [21] },
  tile: { crack: [4, 8, 12], gray_stroke: [0, 4, 6], oil: [2, 8], rough: [5, 8] },
  toothbrush: { defective: [2, 10, 11, 13, 17, 22, 24, 26, 27, 28] },
  transistor: { bent_lead: [0, 2, 5, 8, 9], cut_lead: [0, 1, 5, 8], misplaced: [4] },
  wood: { color: [6, 7], combined: [1, 5, 7], hole: [2, 3, 8], scratch: [2, 11] },
  zipper: { broken_teeth: [4], combined: [8, 11], fabric_border: [3, 8, 9, 11], split_teeth: [7, 8, 10] },
}
