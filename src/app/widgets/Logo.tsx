/** Three workers and their links. */
export function Logo() {
  return (
    <svg className="logo" width="30" height="30" viewBox="0 0 30 30" aria-hidden="true">
      <path d="M8 9L22 8L16 23Z" fill="none" stroke="var(--accent)" strokeWidth="1.6" />
      <circle cx="8" cy="9" r="4.4" fill="var(--worker-0)" />
      <circle cx="22" cy="8" r="4.4" fill="var(--worker-1)" />
      <circle cx="16" cy="23" r="4.4" fill="var(--worker-2)" />
    </svg>
  )
}
