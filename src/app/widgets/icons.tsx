import type { ReactNode } from 'react'

interface Props {
  size?: number
}

function Drawing({ size = 16, children }: Props & { children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export const PlayIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M4.5 3v10l8-5Z" fill="currentColor" />
  </Drawing>
)
export const PauseIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth={2.4} />
  </Drawing>
)
export const StepIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M4 3v10l6.5-5ZM12.5 3.5v9" />
  </Drawing>
)
export const StopIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />
  </Drawing>
)
export const ResetIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3" />
  </Drawing>
)
export const SunIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6ZM8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9" />
  </Drawing>
)
export const MoonIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M13 9.6A5.4 5.4 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6Z" />
  </Drawing>
)
export const LinkIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.7-.7" />
  </Drawing>
)
export const TabIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M2.5 12.5v-8h4l1.2 2h5.8v6ZM8 8v3M6.5 9.5h3" />
  </Drawing>
)
export const DeviceIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M4.5 2h7v12h-7ZM7.2 11.8h1.6" />
  </Drawing>
)
export const SimulateIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M2.5 2.5h4.5v4.5H2.5ZM9 2.5h4.5v4.5H9ZM2.5 9h4.5v4.5H2.5ZM11.2 9v4.5M9 11.2h4.5" />
  </Drawing>
)
export const LockIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M4 7.5h8v5.5H4ZM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2" />
  </Drawing>
)
export const UnlockIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M4 7.5h8v5.5H4ZM5.7 7.5V5.3a2.3 2.3 0 0 1 4.4-.9" />
  </Drawing>
)
export const RemoveIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />
  </Drawing>
)
export const UpIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M8 13V3M4 7l4-4l4 4" />
  </Drawing>
)
export const DownIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M8 3v10M4 9l4 4l4-4" />
  </Drawing>
)
export const MoreIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3 8v.1M8 8v.1M13 8v.1" strokeWidth={2.4} />
  </Drawing>
)
export const PencilIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3 13l.7-2.8l6.8-6.8l2.1 2.1l-6.8 6.8Z" />
  </Drawing>
)
export const DownloadIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M8 2.5v7M5 6.8l3 3l3-3M3 13h10" />
  </Drawing>
)
export const LogIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3 4h10M3 8h10M3 12h6" />
  </Drawing>
)
export const InfoIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 7.3v3.6M8 5v.1" />
  </Drawing>
)
export const OptimumIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M1.8 8a6.2 4.4 0 1 0 12.4 0a6.2 4.4 0 1 0-12.4 0M5.4 8a2.6 1.7 0 1 0 5.2 0a2.6 1.7 0 1 0-5.2 0" />
  </Drawing>
)
export const LessonIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M8 4.2C6.5 3 4.5 2.8 2.5 3v9.3c2-.2 4 0 5.5 1.2c1.5-1.2 3.5-1.400 5.5-1.2V3c-2-.2-4 0-5.5 1.2ZM8 4.2v9.3" />
  </Drawing>
)
export const TrashIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3 4.5h10M6.2 4.5V2.8h3.6v1.7M4.3 4.5l.6 8.7h6.2l.6-8.7M6.8 7v3.8M9.2 7v3.8" />
  </Drawing>
)
export const CompareIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M2.5 12c2.5-6 4-7.5 11-8.5" />
    <path d="M2.5 13.5c4-3 6-3.5 11-4.5" strokeDasharray="2.5 2" />
  </Drawing>
)
export const FileIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M4 2h5l3 3v9H4ZM9 2v3h3M8 12V7.5M6.2 9.3L8 7.5l1.8 1.8" />
  </Drawing>
)
export const EndIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3.5 3.5v9l5-4.5ZM8.5 3.5v9l4-4.5ZM13.2 3.5v9" />
  </Drawing>
)
export const CheckIcon = ({ size }: Props) => (
  <Drawing size={size}>
    <path d="M3.5 8.5l3 3l6-7" />
  </Drawing>
)
export const ExchangeIcon = ({ size = 12 }: Props) => (
  <Drawing size={size}>
    <path d="M2.5 5.5h10M9.5 2.5l3 3-3 3M13.5 10.5h-10M6.5 7.5l-3 3 3 3" />
  </Drawing>
)
