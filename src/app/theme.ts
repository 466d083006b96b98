import { createTheme, InputWrapper, Menu } from '@mantine/core'

/** One accent for everything that acts; colors of workers are in styles.css (`--worker-0` ...). */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 7,
  defaultRadius: 'md',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
  headings: { fontWeight: '600' },
  components: {
    // Mantine's own gray has too little contrast for small text.
    InputWrapper: InputWrapper.extend({ styles: { description: { color: 'var(--dim)' } } }),
    // A menu opens with the focus on its first item, and Tab goes through its items too.
    Menu: Menu.extend({
      defaultProps: { withInitialFocusPlaceholder: false, menuItemTabIndex: 0 },
      styles: { label: { color: 'var(--dim)' } },
    }),
  },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
})

/** Okabe-Ito without black (that is the mean's), then the same hues at another lightness. */
const WORKER_COLORS = 16

export const workerColor = (rank: number) => `var(--worker-${rank % WORKER_COLORS})`

/** A worker is known by shape as well as by color; 7 and 16 share no factor, so 112 workers differ in one or the other. */
export const markerShapes = ['circle', 'square', 'triangle', 'diamond', 'cross', 'wedge', 'star'] as const
export type MarkerShape = (typeof markerShapes)[number]

export const workerMarker = (rank: number): MarkerShape => markerShapes[rank % markerShapes.length]
