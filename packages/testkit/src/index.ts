export { blockBackbone } from './block-backbone.ts'
export { batchOf, contextFor, fitRequest, modelFolder, picture, samplesOf } from './requests.ts'
