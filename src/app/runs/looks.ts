/** How the lines of a compared run look, and what they are called: a letter on the line, so that neither dash nor color is alone. */
export interface RunLook {
  letter: string
  color: string
  dash: string
}

/**
 * More would be told apart by nobody. The colors (styles.css) were searched so that any two differ by 0.14 in OKLab, also as people
 * without one kind of cone see them (Machado et al., 2009).
 */
export const runLooks: readonly RunLook[] = [
  { letter: 'A', color: 'var(--earlier-0)', dash: '14 4' },
  { letter: 'B', color: 'var(--earlier-1)', dash: '8 3 2 3' },
  { letter: 'C', color: 'var(--earlier-2)', dash: '5 2 2 2 2 2' },
  { letter: 'D', color: 'var(--earlier-3)', dash: '4 3' },
  { letter: 'E', color: 'var(--earlier-4)', dash: '13 3 5 3' },
  { letter: 'F', color: 'var(--earlier-5)', dash: '10 2 2 2 2 2 2 2' },
]

/** The first that is free; undefined when none is. */
export const freeLook = (taken: readonly { look: RunLook }[]): RunLook | undefined =>
  runLooks.find(({ letter }) => taken.every(({ look }) => look.letter !== letter))

export const byLetter = (a: { look: RunLook }, b: { look: RunLook }): number => (a.look.letter < b.look.letter ? -1 : 1)
