import './composer.css'
import { ActionIcon, Button, CopyButton, MultiSelect, Textarea, TextInput } from '@mantine/core'
import { useId } from 'react'
import { parseRunConfig } from '../../../engine/index.ts'
import { checkRun, tabWorkers } from '../../form/check-run.ts'
import { encodeLesson } from '../../lessons/code.ts'
import { composedField } from '../../lessons/composed-field.ts'
import { type ComposedStep, type Composition, clearComposition, lessonOf, moveStep, useComposition } from '../../lessons/composition.ts'
import { type ControlName, controlNames, type Lesson, LessonError, parseLesson } from '../../lessons/schema.ts'
import { openLesson } from '../../lessons/visit.ts'
import { differenceText } from '../../runs/difference.ts'
import { useLab } from '../../store.ts'
import { fieldLabel, texts } from '../../texts/index.ts'
import { writeUrl } from '../../url-state.ts'
import { DownIcon, LinkIcon, UpIcon } from '../../widgets/icons.tsx'

const t = texts.composer

/** Writes a lesson without code: the form's configuration becomes steps, and a link holds the whole lesson. */
export function LessonComposer() {
  const composing = useLab((state) => state.composing)
  const composition = useComposition()
  const taken = useTakenConfig()
  if (!composing) return null
  const { title, summary, controls, steps } = composition
  const addStep = () =>
    taken &&
    change({
      ...(steps.length === 0 && { simulated: useLab.getState().simulated }),
      steps: [
        ...steps,
        { key: crypto.randomUUID(), title: '', text: '', watch: '', view: useLab.getState().view, runs: [{ label: '', config: taken }] },
      ],
    })
  return (
    <section className="card lesson composer" aria-label={t.title}>
      <header>
        <h2>{t.title}</h2>
        <button type="button" className="plain" onClick={() => useLab.setState({ composing: false })}>
          {t.close}
        </button>
      </header>
      <p className="dim">{t.help}</p>
      <TextInput size="xs" label={t.lessonTitle} value={title} maxLength={80} onChange={(event) => change({ title: event.target.value })} />
      <TextInput
        size="xs"
        label={t.summary}
        value={summary}
        maxLength={240}
        onChange={(event) => change({ summary: event.target.value })}
      />
      {steps.map((step, index) => (
        <StepEditor key={step.key} step={step} index={index} />
      ))}
      <Button size="xs" variant="light" disabled={!taken} onClick={addStep}>
        {t.addStep}
      </Button>
      <MultiSelect
        size="xs"
        label={t.controls}
        placeholder={controls.length === 0 ? t.allControls : undefined}
        data={controlNames.map((value) => ({ value, label: controlLabel(value) }))}
        value={controls}
        clearable
        searchable
        onChange={(chosen) => change({ controls: chosen as ControlName[] })}
      />
      {steps.length > 0 && <Share composition={composition} />}
    </section>
  )
}

const change = (changes: Partial<Composition>) => useComposition.setState(changes)

const controlLabel = (name: ControlName) =>
  name === 'where' ? texts.where.label : fieldLabel(name === 'algorithm' ? 'algorithm.id' : name)

/** What the form says now; null while it is not valid. */
function useTakenConfig() {
  const draft = useLab((state) => state.draft)
  const tabs = useLab(tabWorkers)
  return checkRun(draft, tabs).config
}

function StepEditor({ step, index }: { step: ComposedStep; index: number }) {
  const id = useId()
  const taken = useTakenConfig()
  const put = (changes: Partial<ComposedStep>) =>
    useComposition.setState(({ steps }) => ({ steps: steps.map((other) => (other.key === step.key ? { ...other, ...changes } : other)) }))
  const remove = () => useComposition.setState(({ steps }) => ({ steps: steps.filter(({ key }) => key !== step.key) }))
  const last = useComposition(({ steps }) => steps.length - 1)
  const { title, text, watch, runs } = step
  return (
    <section className="composed-step" aria-labelledby={id}>
      <header>
        <h3 id={id}>{t.step(index + 1)}</h3>
        <span className="step-buttons">
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label={t.earlier(index + 1)}
            disabled={index === 0}
            onClick={() => moveStep(index, -1)}
          >
            <UpIcon size={12} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label={t.later(index + 1)}
            disabled={index === last}
            onClick={() => moveStep(index, 1)}
          >
            <DownIcon size={12} />
          </ActionIcon>
          <button type="button" className="plain" onClick={remove}>
            {t.remove}
          </button>
        </span>
      </header>
      <TextInput size="xs" label={t.stepTitle} value={title} maxLength={80} onChange={(event) => put({ title: event.target.value })} />
      <Textarea
        size="xs"
        label={t.text}
        description={t.textHelp}
        autosize
        minRows={2}
        value={text}
        onChange={(event) => put({ text: event.target.value })}
      />
      <TextInput size="xs" label={t.watch} value={watch} maxLength={300} onChange={(event) => put({ watch: event.target.value })} />
      {runs.map(({ label, config }, i) => (
        <TextInput
          // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no other identity, and none is ever moved
          key={i}
          size="xs"
          label={runs.length > 1 ? t.button(i + 1) : t.onlyButton}
          description={differenceText(config, i === 0 ? parseRunConfig({}) : runs[0].config)}
          value={label}
          maxLength={60}
          onChange={(event) => put({ runs: runs.map((run, j) => (j === i ? { ...run, label: event.target.value } : run)) })}
        />
      ))}
      <Button
        size="compact-xs"
        variant="default"
        disabled={!taken || runs.length >= 6}
        onClick={() => taken && put({ runs: [...runs, { label: '', config: taken }] })}
      >
        {t.addButton}
      </Button>
    </section>
  )
}

/** What is still missing, or the link. */
function Share({ composition }: { composition: Composition }) {
  const room = useLab((state) => state.room)
  const { lesson, problems } = check(composition)
  if (!lesson)
    return (
      <div className="problem" role="status">
        {t.missing}
        <ul>
          {problems.map(({ field, message }) => (
            <li key={field}>
              <strong>{composedField(field)}</strong>: {message}
            </li>
          ))}
        </ul>
      </div>
    )
  const code = encodeLesson(lessonOf(composition))
  const place = { lesson, step: 0, code }
  const link = () =>
    writeUrl(new URL(location.href), { draft: {}, simulated: lesson.simulated, lesson: place, room: room.name, secret: room.secret }).href
  return (
    <div className="share-lesson">
      <CopyButton value={link()} timeout={2_000}>
        {({ copied, copy }) => (
          <Button size="xs" leftSection={<LinkIcon />} onClick={copy}>
            {copied ? texts.add.copied : t.copy}
          </Button>
        )}
      </CopyButton>
      <Button size="xs" variant="default" onClick={() => tryLesson(lesson, code)}>
        {t.try}
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={clearComposition}>
        {t.clear}
      </Button>
      <p className="dim">{t.length(link().length)}</p>
    </div>
  )
}

function tryLesson(lesson: Lesson, code: string): void {
  useLab.setState({ composing: false })
  openLesson(lesson, code)
}

function check(composition: Composition) {
  try {
    return { lesson: parseLesson(lessonOf(composition)), problems: [] }
  } catch (error) {
    if (!(error instanceof LessonError)) throw error
    return { lesson: null, problems: error.issues }
  }
}
