import type { ReactNode } from 'react'

function icon(drawing: ReactNode) {
  return function Icon({ size = 16 }: { size?: number }) {
    return (
      <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        {drawing}
      </svg>
    )
  }
}

export const PlayIcon = icon(<path d="M4.5 3v10l8-5Z" fill="currentColor" />)
export const PauseIcon = icon(<path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth={2.4} />)
export const StepIcon = icon(<path d="M4 3v10l6.5-5ZM12.5 3.5v9" />)
export const StopIcon = icon(<rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />)
export const ResetIcon = icon(<path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3" />)
export const SunIcon = icon(<path d="M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6ZM8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9" />)
export const MoonIcon = icon(<path d="M13 9.6A5.4 5.4 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6Z" />)
export const LinkIcon = icon(<path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.7-.7" />)
export const TabIcon = icon(<path d="M2.5 12.5v-8h4l1.2 2h5.8v6ZM8 8v3M6.5 9.5h3" />)
export const LockIcon = icon(<path d="M4 7.5h8v5.5H4ZM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2" />)
export const UnlockIcon = icon(<path d="M4 7.5h8v5.5H4ZM5.7 7.5V5.3a2.3 2.3 0 0 1 4.4-.9" />)
export const PencilIcon = icon(<path d="M3 13l.7-2.8l6.8-6.8l2.1 2.1l-6.8 6.8Z" />)
export const DownloadIcon = icon(<path d="M8 2.5v7M5 6.8l3 3l3-3M3 13h10" />)
export const LogIcon = icon(<path d="M3 4h10M3 8h10M3 12h6" />)
export const InfoIcon = icon(<path d="M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 7.3v3.6M8 5v.1" />)
