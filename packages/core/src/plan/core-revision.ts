/** Raised whenever the runner itself (decoding, geometry, frames, splits of seeds) may change numbers: it goes into every experiment's hash. */
export const CORE_REVISION = 2
