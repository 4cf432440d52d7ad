/** Whether a folder has one of the names, in any case. @param names - in lower case */
export function isNamed(folder: string, names: readonly string[]): boolean {
  return names.includes(folder.toLowerCase())
}

/** The folder of the masks among a category's folders. */
export function findGroundTruth(folders: readonly string[]): string | undefined {
  return folders.find((folder) => isNamed(folder, ['ground_truth']))
}
