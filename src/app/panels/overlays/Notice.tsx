import './notice.css'
import { Notification } from '@mantine/core'
import { useEffect } from 'react'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'

const SHOWN_MS = 12_000

/** The last warning or error, where nobody can miss it; it stays in the log. */
export function Notice() {
  const notice = useLab((state) => state.notice)
  const run = useLab((state) => state.run?.id)
  // What was wrong with a run says nothing about the next one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run's change is what matters
  useEffect(dismiss, [run])
  useEffect(() => {
    if (!notice) return
    const timer = setTimeout(dismiss, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [notice])
  if (!notice) return null
  return (
    <div className="notice" role="alert">
      <Notification
        color={notice.level === 'error' ? 'red' : 'yellow'}
        withBorder
        onClose={dismiss}
        closeButtonProps={{ 'aria-label': texts.dismiss }}
      >
        {notice.text}
      </Notification>
    </div>
  )
}

const dismiss = () => useLab.setState({ notice: null })
