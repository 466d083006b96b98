import { SegmentedControl } from '@mantine/core'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { HelpMark } from '../../widgets/HelpMark.tsx'

/** Who the workers of the next start are: the tabs of the room, or simulated ones in this tab. */
export function WhereToRun() {
  const simulated = useLab((state) => state.simulated)
  return (
    <div className="where-to-run">
      <div className="field row">
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={texts.where.label}
          data={[
            { value: 'tabs', label: texts.where.tabs },
            { value: 'simulated', label: texts.where.simulated },
          ]}
          value={simulated ? 'simulated' : 'tabs'}
          onChange={(value) => useLab.setState({ simulated: value === 'simulated' })}
        />
        <HelpMark label={texts.where.label} help={texts.where.help} />
      </div>
      {simulated && <p className="dim">{texts.where.simulatedNote}</p>}
    </div>
  )
}
