import '../../form/form.css'
import './run-form.css'
import { Collapse, UnstyledButton } from '@mantine/core'
import { useId, useMemo, useState } from 'react'
import {
  activeFields,
  allFields,
  type Draft,
  type FieldSpec,
  fieldValue,
  findAlgorithm,
  issueText,
  runFields,
  variantFields,
} from '../../../engine/index.ts'
import { checkRun, tabWorkers } from '../../form/check-run.ts'
import { FieldInput } from '../../form/FieldInput.tsx'
import { type FieldGroup, fieldGroups, groupOf, isRelevant } from '../../form/groups.ts'
import type { ControlName } from '../../lessons/schema.ts'
import { shownControls } from '../../lessons/visit.ts'
import { isActive } from '../../state.ts'
import { useLab } from '../../store.ts'
import { fieldLabel, texts } from '../../texts/index.ts'
import { Datasets } from './Datasets.tsx'
import { WhereToRun } from './WhereToRun.tsx'

/** The form of a run, made from the run schema. */
export function RunForm() {
  const draft = useLab((state) => state.draft)
  const simulated = useLab((state) => state.simulated)
  const tabs = useLab(tabWorkers)
  const { issues } = useMemo(() => checkRun(draft, tabs), [draft, tabs])
  const unplaced = Object.entries(issues).filter(([path]) => !knownPaths.has(path) || !isRelevant(path, draft, simulated))
  return (
    <form className="run-form" aria-label={texts.regions.form} onSubmit={(event) => event.preventDefault()}>
      <UrlProblems />
      <ForLater />
      {unplaced.map(([path, message]) => (
        <p key={path} className="problem" role="alert">
          {fieldLabel(path)}: {message}
        </p>
      ))}
      {fieldGroups.map((group) => (
        <Group key={group.title} group={group} draft={draft} simulated={simulated} issues={issues} />
      ))}
      <HiddenControls />
    </form>
  )
}

const knownPaths = new Set(allFields(runFields).map(({ path }) => path))

function UrlProblems() {
  const problems = useLab((state) => state.urlProblems)
  if (problems.length === 0) return null
  return (
    <div className="problem" role="alert">
      <strong>{texts.badAddress}</strong>
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
  const simulated = useLab((state) => state.simulated)
  const later = useMemo(() => {
    if (!isActive(run)) return false
    const { config } = checkRun(draft, simulated ? null : run.config.workers)
    return !config || JSON.stringify(config) !== JSON.stringify(run.config) || simulated !== (run.simulation !== null)
  }, [run, draft, simulated])
  return (
    <p className="for-later" role="status">
      {later && texts.nextStart}
    </p>
  )
}

interface GroupProps {
  group: FieldGroup
  draft: Draft
  simulated: boolean
  issues: Record<string, string>
}

function Group({ group, draft, simulated, issues }: GroupProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const active = new Set(activeFields(draft).map(({ path }) => path))
  const controls = useLab(shownControls)
  const isShown = (name: ControlName) => controls === null || controls.includes(name)
  const fields = runFields.filter(
    ({ path }) =>
      groupOf(path) === group &&
      active.has(path) &&
      isRelevant(path, draft, simulated) &&
      // What is wrong must be seen to be mended.
      (isShown(path.split('.')[0] as ControlName) || issues[path]),
  )
  const where = group.title === 'Workers' && isShown('where')
  const main = fields.filter((field) => !group.advanced.includes(field.path))
  const advanced = fields.filter((field) => group.advanced.includes(field.path))
  const show = open || advanced.some((field) => issues[field.path])
  if (fields.length === 0 && !where) return null
  const entry = (field: FieldSpec) => <Field key={field.path} field={field} draft={draft} issues={issues} />
  return (
    <fieldset>
      <legend>{group.title}</legend>
      {where && <WhereToRun />}
      {main.length > 0 && <div className="fields">{main.map(entry)}</div>}
      {group.title === 'Data' && isShown('dataset') && <Datasets />}
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

/** In a lesson that hides controls: the way to them and back. */
function HiddenControls() {
  const hides = useLab(({ lesson }) => lesson?.lesson.controls !== undefined)
  const all = useLab((state) => state.allControls)
  if (!hides) return null
  return (
    <UnstyledButton className="more" aria-pressed={all} onClick={() => useLab.setState({ allControls: !all })}>
      {all ? texts.lessons.fewControls : texts.lessons.allControls}
    </UnstyledButton>
  )
}

function Field({ field, draft, issues }: { field: FieldSpec; draft: Draft; issues: Record<string, string> }) {
  const value = fieldValue(draft, field)
  if (field.kind !== 'variant') return <FieldInput field={field} value={value} issue={issues[field.path]} />
  const algorithm = findAlgorithm(String(value))
  return (
    <>
      <FieldInput field={field} value={value} issue={issues[field.path]} />
      {algorithm && (
        <p className="what-is-sent">
          <strong>{texts.method.sent}</strong> {algorithm.whatIsSent} <span className="dim">{algorithm.source}</span>
        </p>
      )}
      {variantFields(field, draft).map((inner) => (
        <Field key={inner.path} field={inner} draft={draft} issues={issues} />
      ))}
    </>
  )
}
