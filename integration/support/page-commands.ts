/** A fenced block of a Markdown page. */
interface Block {
  readonly language: string
  readonly text: string
}

function blocks(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }))
}

/** A page as a shell script: its `sh` blocks one after the other, as in one terminal, and its `diff` blocks applied where they stand. Every command is echoed before it runs. */
export function pageScript(page: string): string {
  const steps = blocks(page).flatMap(({ language, text }) => {
    if (language === 'sh') return [`set -x\n${text}{ set +x; } 2>/dev/null`]
    if (language === 'diff') return [`git apply - <<'END OF DIFF'\n${text}END OF DIFF`]
    return []
  })
  return ['set -euo pipefail', ...steps].join('\n')
}
