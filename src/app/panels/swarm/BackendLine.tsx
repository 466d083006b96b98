import { Tooltip } from '@mantine/core'
import type { BackendChoice } from '../../../engine/index.ts'
import { texts } from '../../texts/index.ts'

/** What computes; why it was chosen is told on hover, touch and focus. */
export function BackendLine({ backend }: { backend: BackendChoice }) {
  const { name, reason, selfTest } = backend
  const why = selfTest ? `${reason}. ${texts.selfTest(selfTest.gradient)}` : reason
  return (
    <Tooltip label={why} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: focus shows why this backend was taken */}
      <div className="member-backend" tabIndex={0}>
        <span className="backend-name">{name}</span>
        {selfTest && <span className="self-test">{texts.selfTestPassed}</span>}
        <span>{hardwareText(backend)}</span>
      </div>
    </Tooltip>
  )
}

/** What computes, and which graphics adapter there is, even where it is of no use. */
function hardwareText({ name, adapter, hardware }: BackendChoice): string {
  if (name === 'wgsl' || name === 'webgpu' || name === 'webgl') return adapter ?? 'graphics adapter'
  if (!adapter) return 'CPU, no WebGPU here'
  return hardware ? `CPU, as chosen; GPU: ${adapter}` : `CPU, GPU is software: ${adapter.replace(/ \(software\)$/, '')}`
}
