import './gpu-advice.css'
import { UnstyledButton } from '@mantine/core'
import { useId, useState } from 'react'
import type { BackendChoice } from '../../../engine/index.ts'
import { invitationTo } from '../../invitation.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { webGpuAdvice } from '../../webgpu-advice.ts'

/** Under this tab's own backend, where it is not the GPU: what keeps it from there and what to switch on, on demand. */
export function GpuAdvice({ backend }: { backend: BackendChoice }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const { userAgent } = navigator
  const advice = webGpuAdvice({ backend, secure: isSecureContext, offered: 'gpu' in navigator, userAgent })
  if (!advice) return null
  return (
    <div className="gpu-advice">
      <UnstyledButton className="more" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {texts.gpu.why}
      </UnstyledButton>
      <div id={id} hidden={!open}>
        <p>
          {advice.offers} {texts.gpu.meanwhile}
        </p>
        <ul>
          {advice.needsHttps && <ByHttps />}
          {advice.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** The lab's own https address, or how to get one. */
function ByHttps() {
  const address = useLab((state) => state.meeting.address)
  const invitation = invitationTo(new URL(location.href), address)
  return invitation?.secure ? (
    <li>
      {texts.gpu.open} <a href={invitation.url.href}>{invitation.url.origin}</a>
    </li>
  ) : (
    <li>
      {texts.gpu.serveHttps} <code>npm start -- --lan</code>
    </li>
  )
}
