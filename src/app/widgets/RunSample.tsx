import './run-sample.css'
import type { RunLook } from '../runs/looks.ts'

/** How the lines of a compared run look: its letter and a piece of line. */
export function RunSample({ look: { letter, color, dash } }: { look: RunLook }) {
  return (
    <span className="run-sample">
      {letter}
      <svg width="30" height="8" aria-hidden="true">
        <line x1="0" x2="30" y1="4" y2="4" stroke={color} strokeWidth={1.75} strokeDasharray={dash} />
      </svg>
    </span>
  )
}
