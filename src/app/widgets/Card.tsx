import type { ReactNode } from 'react'

interface Props {
  title: string
  /** unit or a short fact after the title */
  unit?: ReactNode
  /** at the right of the title */
  legend?: ReactNode
  className?: string
  children: ReactNode
}

/** A titled area of the dashboard. */
export function Card({ title, unit, legend, className = '', children }: Props) {
  return (
    <section className={`card ${className}`} aria-label={title}>
      <header>
        <h2>
          {title}
          {unit && <span className="unit"> {unit}</span>}
        </h2>
        {legend}
      </header>
      {children}
    </section>
  )
}
