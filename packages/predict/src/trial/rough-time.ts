/** `2 h`, `20 min` or `40 s`: estimates deserve no more digits. */
export function roughTime(seconds: number): string {
  if (seconds >= 5400) return `${Math.round(seconds / 3600)} h`
  return seconds >= 90 ? `${Math.round(seconds / 60)} min` : `${Math.max(1, Math.round(seconds))} s`
}
