import { createModel, type Model } from './model.ts'
import { openModelFolder, type OpenModelOptions } from './open-model-folder.ts'

export interface LoadModelOptions extends OpenModelOptions {
  /** Pictures with more pixels are refused before they are decoded; 268 million when absent. */
  readonly maximumPixels?: number
  /** Decides by this instead of the model's own threshold. */
  readonly threshold?: number
}

/**
 * Loads a model folder and makes sure that it works: its files are whole, the installed algorithm and backbones are those it was fitted with, and a blank picture
 * can be scored. Nothing in the folder is executed: code comes from installed plugins only.
 * @throws ImIadError IM_IAD_E_MODEL for a folder that is no model or is damaged, IM_IAD_E_MODEL_PLUGIN or IM_IAD_E_MODEL_BACKBONE when what it needs is not installed or is another revision
 */
export async function loadModel(folder: string, options: LoadModelOptions = {}): Promise<Model> {
  const { description, predictor, dispose } = await openModelFolder(folder, options)
  return createModel({
    description,
    predictor,
    maximumPixels: options.maximumPixels ?? null,
    threshold: options.threshold ?? description.threshold.value,
    dispose,
  })
}
