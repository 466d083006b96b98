import './misbehave.css'
import { NativeSelect, UnstyledButton } from '@mantine/core'
import { useId, useState } from 'react'
import { useActions } from '../../actions.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'

const slowdowns = [0, 50, 200, 1_000]
const lossRates = [0, 0.05, 0.2, 0.5]

/** Lets this tab be a straggler, or lose messages, on demand. While it does so, that stands there also when the choices are folded away. */
export function Misbehave() {
  const { misbehave } = useActions()
  const trouble = useLab((state) => state.trouble)
  const [open, setOpen] = useState(false)
  const id = useId()
  const isOn = trouble.slowMs > 0 || trouble.lossRate > 0
  return (
    <div className="misbehave">
      <UnstyledButton className="more" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {texts.trouble.title}
      </UnstyledButton>
      {isOn && <p className="on">{texts.trouble.on}</p>}
      <div id={id} hidden={!open}>
        <p className="dim">{texts.trouble.help}</p>
        <NativeSelect
          size="xs"
          label={texts.trouble.slow}
          value={trouble.slowMs}
          data={slowdowns.map((ms) => ({ value: String(ms), label: texts.trouble.slowBy(ms) }))}
          onChange={({ currentTarget }) => misbehave({ ...trouble, slowMs: Number(currentTarget.value) })}
        />
        <NativeSelect
          size="xs"
          label={texts.trouble.loss}
          value={trouble.lossRate}
          data={lossRates.map((rate) => ({ value: String(rate), label: texts.trouble.lossRate(rate) }))}
          onChange={({ currentTarget }) => misbehave({ ...trouble, lossRate: Number(currentTarget.value) })}
        />
      </div>
    </div>
  )
}
