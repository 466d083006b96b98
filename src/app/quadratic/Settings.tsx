import '../form/form.css'
import { Button, Checkbox, SegmentedControl, Slider, TextInput } from '@mantine/core'
import {
  defaultTexts,
  type Experiment,
  type ExperimentText,
  type QuadraticPreset,
  quadraticMethodIds,
  quadraticMethods,
  quadraticPresets,
} from '../../cluster/quadratic/index.ts'
import type { ConfigIssue } from '../../engine/index.ts'
import { Marker } from '../widgets/Marker.tsx'
import { texts } from './texts.ts'

interface Props {
  given: ExperimentText
  preset: QuadraticPreset
  issues: ConfigIssue[]
  onChange(texts: ExperimentText): void
}

/** The live controls of the experiment. */
export function Settings({ given, preset, issues, onChange }: Props) {
  const filled = { ...defaultTexts(preset), ...given }
  const issueOf = (field: keyof Experiment) => issues.find((issue) => issue.field === field)?.message
  const change = (field: keyof Experiment, text: string) => onChange({ ...given, [field]: text })
  const text = (field: 'k' | 'beta' | 'learningRate' | 'steps' | 'seed', description?: string) => (
    <TextInput
      size="xs"
      name={field}
      label={texts.fields[field]}
      description={description}
      inputMode={field === 'steps' || field === 'seed' ? 'numeric' : 'text'}
      autoComplete="off"
      value={filled[field]}
      error={issueOf(field)}
      onChange={(event) => change(field, event.currentTarget.value)}
    />
  )
  return (
    <form className="run-form" aria-label={texts.settings} onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>{texts.fields.preset}</legend>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={texts.fields.preset}
          data={quadraticPresets.map((value) => ({ value, label: texts.presets[value] }))}
          value={preset}
          // k and steps mean other things in another number of dimensions.
          onChange={(value) => onChange({ ...given, preset: value, k: undefined, steps: undefined })}
        />
        <p className="dim preset-help">{texts.presetHelp[preset]}</p>
      </fieldset>
      <fieldset>
        <legend>{texts.methods}</legend>
        <MethodChoice text={filled.methods} issue={issueOf('methods')} onChange={(methods) => change('methods', methods)} />
      </fieldset>
      <fieldset>
        <legend>{texts.settings}</legend>
        <div className="quadratic-fields">
          {text('k', texts.kHelp)}
          <div>
            {text('beta')}
            <Slider
              size="sm"
              label={null}
              min={0}
              max={0.99}
              step={0.01}
              value={numberOr(filled.beta, 0.9)}
              onChange={(value) => change('beta', String(Number(value.toFixed(2))))}
              thumbLabel={texts.fields.beta}
            />
          </div>
          <div>
            {text('learningRate')}
            <Slider
              size="sm"
              label={null}
              min={-4}
              max={-1}
              step={0.05}
              value={Math.log10(numberOr(filled.learningRate, 0.005))}
              onChange={(power) => change('learningRate', String(Number((10 ** power).toPrecision(2))))}
              thumbLabel={texts.fields.learningRate}
              thumbProps={{ 'aria-valuetext': filled.learningRate }}
            />
          </div>
          {text('steps')}
          {preset === 'large' && text('seed')}
        </div>
      </fieldset>
      <Button size="xs" variant="default" onClick={() => onChange({ preset })}>
        {texts.reset}
      </Button>
    </form>
  )
}

/** For a slider, while something else stands in its field. */
function numberOr(text: string, otherwise: number): number {
  const value = Number(text)
  return text.trim() !== '' && value > 0 ? value : otherwise
}

function MethodChoice({ text, issue, onChange }: { text: string; issue?: string; onChange(text: string): void }) {
  const chosen = text.split(',').map((part) => part.trim())
  return (
    <Checkbox.Group
      aria-label={texts.methods}
      value={chosen}
      error={issue}
      onChange={(values) => onChange(quadraticMethodIds.filter((id) => values.includes(id)).join(','))}
    >
      <div className="method-choice">
        {quadraticMethodIds.map((id, rank) => (
          <Checkbox
            key={id}
            size="xs"
            value={id}
            label={
              <>
                <Marker rank={rank} />
                {quadraticMethods[id].title}
              </>
            }
          />
        ))}
      </div>
    </Checkbox.Group>
  )
}
