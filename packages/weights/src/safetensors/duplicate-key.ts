/**
 * The first key that an object of this JSON holds twice, or `null`. `JSON.parse` silently keeps the last, others the first: a file could show each reader
 * other tensors.
 * @param json - valid JSON
 */
export function duplicateKey(json: string): string | null {
  const scopes: (Set<string> | null)[] = []
  let position = 0
  // A string that a colon follows is a key: valid JSON has none elsewhere.
  while (position < json.length) {
    const character = json[position]
    if (character === '{') scopes.push(new Set())
    else if (character === '[') scopes.push(null)
    else if (character === '}' || character === ']') scopes.pop()
    if (character !== '"') {
      position++
      continue
    }
    const end = stringEnd(json, position)
    const scope = scopes.at(-1)
    if (scope !== null && scope !== undefined && followedByColon(json, end)) {
      const key: unknown = JSON.parse(json.slice(position, end))
      if (scope.has(String(key))) return String(key)
      scope.add(String(key))
    }
    position = end
  }
  return null
}

/** The place behind a string's closing quote. */
function stringEnd(json: string, start: number): number {
  let position = start + 1
  while (json[position] !== '"') position += json[position] === '\\' ? 2 : 1
  return position + 1
}

function followedByColon(json: string, position: number): boolean {
  let next = position
  while (json[next] === ' ' || json[next] === '\n' || json[next] === '\r' || json[next] === '\t') next++
  return json[next] === ':'
}
