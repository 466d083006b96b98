import { Collapse, Select, Switch, TextInput, UnstyledButton } from '@mantine/core'
import { memo, useId, useMemo, useState } from 'react'
import {
  allFields,
  checkDraft,
  type Draft,
  describeRange,
  type FieldSpec,
  fieldValue,
  findAlgorithm,
  runFields,
  variantFields,
} from '../../engine/index.ts'
import { type FieldGroup, fieldGroups, groupOf, isRelevant } from '../form/groups.ts'
import { setDraft, useLab } from '../store.ts'
import { fieldLabel, optionLabel, texts } from '../texts.ts'
import { HelpMark } from '../widgets/HelpMark.tsx'
import { Datasets } from './Datasets.tsx'

/** The form of a run, made from the run schema. */
export function RunForm() {
  const draft = useLab((state) => state.draft)
  const { issues } = useMemo(() => checkDraft(draft), [draft])
  const unplaced = Object.entries(issues).filter(([path]) => !knownPaths.has(path))
  return (
    <form className="run-form" aria-label="Run configuration" onSubmit={(event) => event.preventDefault()}>
      <UrlProblems />
      {unplaced.map(([path, message]) => (
        <p key={path} className="problem" role="alert">
          {path}: {message}
        </p>
      ))}
      {fieldGroups.map((group) => (
        <Group key={group.title} group={group} draft={draft} issues={issues} />
      ))}
    </form>
  )
}

const knownPaths = new Set(allFields(runFields).map((field) => field.path))

function UrlProblems() {
  const problems = useLab((state) => state.urlProblems)
  if (problems.length === 0) return null
  return (
    <div className="problem" role="alert">
      <strong>The address of this page had parts that cannot be used:</strong>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={field + message}>
            {field}: {message}
          </li>
        ))}
      </ul>
      <button type="button" className="plain" onClick={() => useLab.setState({ urlProblems: [] })}>
        {texts.dismiss}
      </button>
    </div>
  )
}

function Group({ group, draft, issues }: { group: FieldGroup; draft: Draft; issues: Record<string, string> }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const fields = runFields.filter((field) => groupOf(field.path) === group && isRelevant(field.path, draft))
  const main = fields.filter((field) => !group.advanced.includes(field.path))
  const advanced = fields.filter((field) => group.advanced.includes(field.path))
  const show = open || advanced.some((field) => issues[field.path])
  const entry = (field: FieldSpec) => <Field key={field.path} field={field} draft={draft} issues={issues} />
  return (
    <fieldset>
      <legend>{group.title}</legend>
      <div className="fields">{main.map(entry)}</div>
      {group.title === 'Data' && <Datasets />}
      {advanced.length > 0 && (
        <>
          <UnstyledButton className="more" aria-expanded={show} aria-controls={id} onClick={() => setOpen(!open)}>
            {show ? texts.less : texts.more(advanced.map((field) => fieldLabel(field.path)))}
          </UnstyledButton>
          <Collapse expanded={show} id={id}>
            <div className="fields">{advanced.map(entry)}</div>
          </Collapse>
        </>
      )}
    </fieldset>
  )
}

function Field({ field, draft, issues }: { field: FieldSpec; draft: Draft; issues: Record<string, string> }) {
  const value = fieldValue(draft, field)
  if (field.kind !== 'variant') return <Input field={field} value={value} issue={issues[field.path]} />
  const algorithm = findAlgorithm(String(value))
  return (
    <>
      <Input field={field} value={value} issue={issues[field.path]} />
      {algorithm && (
        <p className="what-is-sent">
          <strong>Sent:</strong> {algorithm.whatIsSent} <span className="dim">{algorithm.source}</span>
        </p>
      )}
      {variantFields(field, draft).map((inner) => (
        <Field key={inner.path} field={inner} draft={draft} issues={issues} />
      ))}
    </>
  )
}

const change = (path: string, value: string | boolean) => setDraft({ ...useLab.getState().draft, [path]: value })

const Input = memo(function Input({ field, value, issue }: { field: FieldSpec; value: string | boolean; issue?: string }) {
  const { path, help } = field
  const label = fieldLabel(path)
  const range = field.kind === 'number' ? describeRange(field) : ''
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
            error={issue}
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
            data={field.options.map((option) => ({
              value: option,
              label: field.kind === 'variant' ? (findAlgorithm(option)?.title ?? option) : optionLabel(option),
            }))}
            value={String(value)}
            error={issue}
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
            error={issue}
            onChange={(event) => change(path, event.currentTarget.value)}
          />
        </div>
      )
    default:
      field satisfies never
      return null
  }
})
