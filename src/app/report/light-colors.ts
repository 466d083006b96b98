/** The light colors of styles.css, for pictures that stand alone. */
export const lightColors: Record<string, string> = {
  '--card': '#ffffff',
  '--text': '#1d2129',
  '--dim': '#5c6573',
  '--grid': '#eceef2',
  '--axis': '#b4bac5',
  '--mean': '#1d2129',
  '--accent': '#4263eb',
  '--earlier-0': '#2a1c97',
  '--earlier-1': '#a98a00',
  '--earlier-2': '#54133f',
  '--earlier-3': '#65550c',
  '--earlier-4': '#c83a80',
  '--earlier-5': '#3579dc',
  '--worker-0': '#0072b2',
  '--worker-1': '#e69f00',
  '--worker-2': '#009e73',
  '--worker-3': '#cc79a7',
  '--worker-4': '#d55e00',
  '--worker-5': '#56b4e9',
  '--worker-6': '#c9b800',
  '--worker-7': '#8a8f98',
}

/** Workers from the ninth on have the first colors again, darker: so much of them. */
const DARKER = 0.6

/** What `var(--name)` is; other colors stay what they are. */
export function lightColor(color: string): string {
  const name = /^var\((--[a-z0-9-]+)\)$/.exec(color)?.[1]
  if (!name) return color
  const known = lightColors[name]
  if (known) return known
  const again = /^--worker-(\d+)$/.exec(name)
  const first = again && lightColors[`--worker-${Number(again[1]) - 8}`]
  if (!first) throw new Error(`got the color ${color}; allowed: ${Object.keys(lightColors).join(', ')}`)
  return `#${[1, 3, 5]
    .map((at) =>
      Math.round(DARKER * Number.parseInt(first.slice(at, at + 2), 16))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}
