import '../form/run-form.css'
import { Collapse, Select, Switch, TextInput, UnstyledButton } from '@mantine/core'
import { memo, useId, useMemo, useState } from 'react'
import {
  activeFields,
  allFields,
  type Draft,
  describeRange,
  type FieldSpec,
  fieldValue,
  findAlgorithm,
  runFields,
  variantFields,
} from '../../engine/index.ts'
import { checkRun } from '../form/check-run.ts'
import { type FieldGroup, fieldGroups, groupOf, isRelevant } from '../form/groups.ts'
import { issueText } from '../form/issue-text.ts'
import { isActive, setDraft, useLab } from '../store.ts'
import { fieldLabel, fieldUnit, optionLabel, texts } from '../texts.ts'
import { HelpMark } from '../widgets/HelpMark.tsx'
import { Datasets } from './Datasets.tsx'

/** The form of a run, made from the run schema. */
export function RunForm() {
  const draft = useLab((state) => state.draft)
  const tabs = useLab((state) => state.room.members.length)
  const { issues } = useMemo(() => checkRun(draft, tabs), [draft, tabs])
  const unplaced = Object.entries(issues).filter(([path]) => !knownPaths.has(path))
  return (
    <form className="run-form" aria-label="Run configuration" onSubmit={(event) => event.preventDefault()}>
      <UrlProblems />
      <ForLater />
      {unplaced.map(([path, message]) => (
        <p key={path} className="problem" role="alert">
          {fieldLabel(path)}: {message}
        </p>
      ))}
      {fieldGroups.map((group) => (
        <Group key={group.title} group={group} draft={draft} issues={issues} />
      ))}
    </form>
  )
}

/** Fields with a place in the form; the number of workers is the number of tabs. */
const knownPaths = new Set(
  allFields(runFields)
    .map(({ path }) => path)
    .filter((path) => path !== 'workers'),
)

function UrlProblems() {
  const problems = useLab((state) => state.urlProblems)
  if (problems.length === 0) return null
  return (
    <div className="problem" role="alert">
      <strong>The address of this page had parts that cannot be used:</strong>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={field + message}>
            <strong>{field}</strong>: {issueText(field, message)}
          </li>
        ))}
      </ul>
      <button type="button" className="plain" onClick={() => useLab.setState({ urlProblems: [] })}>
        {texts.dismiss}
      </button>
    </div>
  )
}

/** During a run: what is changed now does nothing yet. */
function ForLater() {
  const run = useLab((state) => state.run)
  const draft = useLab((state) => state.draft)
  const later = useMemo(() => {
    if (!isActive(run)) return false
    const { config } = checkRun(draft, run.config.workers)
    return !config || JSON.stringify(config) !== JSON.stringify(run.config)
  }, [run, draft])
  return (
    <p className="for-later" role="status">
      {later && texts.nextStart}
    </p>
  )
}

function Group({ group, draft, issues }: { group: FieldGroup; draft: Draft; issues: Record<string, string> }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const active = new Set(activeFields(draft).map(({ path }) => path))
  const fields = runFields.filter(({ path }) => groupOf(path) === group && active.has(path) && isRelevant(path, draft))
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
