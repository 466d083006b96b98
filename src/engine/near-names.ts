const MOST_SUGGESTIONS = 3
/** Nobody means a name by a word that is longer than this. */
const MOST_LETTERS = 40
/** A part of so many letters is enough, however long the name is. */
const LEAST_PART = 3
/** so many edits for each letter of the longer word */
const NEAR = 0.4

/** What is allowed instead of a name, and which of it was likely meant: `allowed: ring, star. Did you mean ring?` */
export function allowedNames(given: unknown, names: readonly string[]): string {
  return `allowed: ${names.join(', ')}${didYouMean(given, names)}`
}

/** `. Did you mean ring?`, to be put behind an error; empty where no name is near what was given. */
export function didYouMean(given: unknown, names: readonly string[]): string {
  const near = nearNames(given, names)
  return near.length > 0 ? `. Did you mean ${near.join(' or ')}?` : ''
}

/** The names nearest to what was given: those that begin with it, else those that have it in them, else those that the fewest typing errors lead to. */
function nearNames(given: unknown, names: readonly string[]): string[] {
  const word = typeof given === 'string' ? plain(given) : ''
  if (word === '' || word.length > MOST_LETTERS) return []
  if (word.length >= LEAST_PART) {
    const whole = names.filter((name) => plain(name).includes(word))
    const begun = whole.filter((name) => plain(name).startsWith(word))
    if (whole.length > 0) return (begun.length > 0 ? begun : whole).slice(0, MOST_SUGGESTIONS)
  }
  const edits = names.map((name) => {
    const most = Math.max(word.length, plain(name).length)
    const count = editDistance(word, plain(name))
    return count <= NEAR * most ? count : Number.POSITIVE_INFINITY
  })
  const fewest = Math.min(...edits)
  return names.filter((_, i) => Number.isFinite(fewest) && edits[i] === fewest).slice(0, MOST_SUGGESTIONS)
}

/** Upper case and hyphens are not what tells names apart. */
const plain = (name: string) => name.toLowerCase().replace(/[-_ ]/g, '')

/** Letters to insert, delete, replace or swap with the next one, to get from a to b (optimal string alignment, a Damerau-Levenshtein distance). */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)))
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : replaced
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced, swapped)
    }
  return rows[a.length][b.length]
}
