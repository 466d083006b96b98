import { Select, Switch, TextInput } from '@mantine/core'
import { memo } from 'react'
import { describeRange, type FieldSpec, findAlgorithm, issueText } from '../../engine/index.ts'
import { setDraft, useLab } from '../store.ts'
import { fieldLabel, fieldUnit, optionLabel } from '../texts/index.ts'
import { HelpMark } from '../widgets/HelpMark.tsx'

const change = (path: string, value: string | boolean) => setDraft({ ...useLab.getState().draft, [path]: value })

interface Props {
  field: FieldSpec
  value: string | boolean
  issue?: string
}

/** One field of a run with its label, help and what is wrong with it. */
export const FieldInput = memo(function FieldInput({ field, value, issue }: Props) {
  const { path, help } = field
  const label = fieldLabel(path)
  const range = field.kind === 'number' ? describeRange(field) : ''
  const error = issue && issueText(path, issue)
  const unit = fieldUnit(path)
  const mark = <HelpMark label={label} help={range ? `${help}. ${range}.` : `${help}.`} />
  switch (field.kind) {
    case 'switch':
      return (
        <div className="field wide row">
          <Switch
            size="sm"
            name={path}
            label={label}
            checked={value === true}
            error={error}
            onChange={(event) => change(path, event.currentTarget.checked)}
          />
          {mark}
        </div>
      )
    case 'choice':
    case 'variant':
      return (
        <div className="field wide">
          {mark}
          <Select
            size="xs"
            name={path}
            label={label}
            allowDeselect={false}
            checkIconPosition="right"
            maxDropdownHeight={320}
            data={field.options.map((option) => ({
              value: option,
              label: field.kind === 'variant' ? (findAlgorithm(option)?.title ?? option) : optionLabel(option),
            }))}
            value={String(value)}
            error={error}
            onChange={(option) => option !== null && change(path, option)}
          />
        </div>
      )
    case 'number':
      return (
        <div className={issue ? 'field wide' : 'field'}>
          {mark}
          <TextInput
            size="xs"
            name={path}
            label={label}
            inputMode={field.integer ? 'numeric' : 'decimal'}
            autoComplete="off"
            value={String(value)}
            rightSection={unit && <span className="field-unit">{unit}</span>}
            rightSectionWidth={unit && 56}
            rightSectionPointerEvents="none"
            error={error}
            onChange={(event) => change(path, event.currentTarget.value)}
          />
        </div>
      )
    default:
      field satisfies never
      return null
  }
})
