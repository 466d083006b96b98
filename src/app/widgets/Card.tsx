import './card.css'
import type { ReactNode } from 'react'
import { HelpMark } from './HelpMark.tsx'

interface Props {
  title: string
  /** unit or a short fact after the title */
  unit?: ReactNode
  /** what the area tells, behind a mark after the title */
  help?: string
  /** at the right of the title */
  legend?: ReactNode
  className?: string
  children: ReactNode
}

/** A titled area of the dashboard. */
export function Card({ title, unit, help, legend, className = '', children }: Props) {
  return (
    <section className={`card ${className}`} aria-label={title}>
      <header>
        <div className="card-title">
          <h2>
            {title}
            {unit && <span className="unit"> {unit}</span>}
          </h2>
          {help && <HelpMark label={title} help={help} />}
        </div>
        {legend}
      </header>
      {children}
    </section>
  )
}
