/** Bytes of one pickle; a checkpoint of ten thousand tensors has two megabytes. */
export const PICKLE_LIMIT: number = 32 * 1024 * 1024
