import { UnstyledButton } from '@mantine/core'
import { useId, useState } from 'react'
import type { BackendChoice } from '../../engine/index.ts'
import { invitationTo } from '../invitation.ts'
import { useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { webGpuAdvice } from '../webgpu-advice.ts'

/** Under this tab's own backend, where it is not the GPU: what keeps it from there and what to switch on, on demand. */
export function GpuAdvice({ backend }: { backend: BackendChoice }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const address = useLab((state) => state.meeting.address)
  const { userAgent } = navigator
  const advice = webGpuAdvice({ backend, secure: isSecureContext, offered: 'gpu' in navigator, userAgent })
  if (!advice) return null
  const secure = advice.needsHttps ? invitationTo(new URL(location.href), address) : null
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
          {secure?.secure ? (
            <li>
              {texts.gpu.open} <a href={secure.url.href}>{secure.url.origin}</a>
            </li>
          ) : (
            advice.steps.map((step) => <li key={step}>{step}</li>)
          )}
        </ul>
      </div>
    </div>
  )
}
