import { homedir, platform } from 'node:os'
import { join, resolve } from 'node:path'

/** `IM_IAD_HOME`, else the platform's folder for user data: holds `weights/`, `cache/` and `plugins/`. */
export function homeDirectory(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = environment['IM_IAD_HOME']
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  if (platform() === 'win32') return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'im-iad')
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support', 'im-iad')
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'im-iad')
}
