import './help-mark.css'
import { Tooltip } from '@mantine/core'
import { InfoIcon } from './icons.tsx'

/** A small mark that tells what a field means, on hover, touch and keyboard focus. */
export function HelpMark({ label, help }: { label: string; help: string }) {
  return (
    <Tooltip label={help} multiline w={240} events={{ hover: true, focus: true, touch: true }} withArrow position="top">
      <button type="button" className="help-mark" aria-label={`Help: ${label}`} aria-description={help}>
        <InfoIcon size={13} />
      </button>
    </Tooltip>
  )
}
