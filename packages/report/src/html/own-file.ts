import { lstat } from 'node:fs/promises'

/** Whether a path is a file of the run folder itself: a link in a folder that came from elsewhere may lead anywhere, a device may never end. */
export function isOwnFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
