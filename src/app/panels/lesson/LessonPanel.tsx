import './lessons.css'
import { Button, Progress } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useStart } from '../../form/use-start.ts'
import { type LessonPlace, stepAt } from '../../lessons/place.ts'
import { chooseTrial, chosenTrial, enterStep, isTried, leaveLesson } from '../../lessons/visit.ts'
import { isActive } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { writeUrl } from '../../url-state.ts'
import { CheckIcon, PlayIcon, TabIcon } from '../../widgets/icons.tsx'
import { LESSONS_BUTTON } from './LessonMenu.tsx'

/** The lesson beside the charts: what to read, what to try, what to watch. Nothing outside of lessons. */
export function LessonPanel() {
  const place = useLab((state) => state.lesson)
  const heading = useHeadingFocus(place)
  if (!place) return null
  const { lesson, step: index } = place
  const step = stepAt(place)
  const count = lesson.steps.length
  return (
    <section className="card lesson" aria-label={texts.lessons.lesson}>
      <header>
        <span className="lesson-kind">{texts.lessons.lesson}</span>
        <button type="button" className="plain" onClick={leaveLesson}>
          {texts.lessons.leave}
        </button>
      </header>
      <h2>{lesson.title}</h2>
      <div className="lesson-progress">
        <span className="dim">{texts.lessons.step(index + 1, count)}</span>
        <Progress size={4} value={(100 * (index + 1)) / count} aria-hidden="true" />
      </div>
      {/* Focus comes here when the step changes: the place is read along with the title. */}
      <h3 ref={heading} tabIndex={-1}>
        <span className="visually-hidden">{texts.lessons.step(index + 1, count)}: </span>
        {step.title}
      </h3>
      {step.text.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      {step.links.map(({ label, page }) => (
        <a key={page} href={page} target="_blank" rel="noopener">
          {label}
        </a>
      ))}
      {step.tabs && <OpenTab />}
      <Trials place={place} />
      {step.watch && (
        <p className="lesson-watch">
          <strong>{texts.lessons.watch}:</strong> {step.watch}
        </p>
      )}
      <StartButton />
      {step.seen && (
        <details key={index}>
          <summary>{texts.lessons.seen}</summary>
          <p>{step.seen}</p>
        </details>
      )}
      <nav className="lesson-steps" aria-label={texts.lessons.step(index + 1, count)}>
        <Button size="xs" variant="default" disabled={index === 0} onClick={() => enterStep({ ...place, step: index - 1 })}>
          {texts.lessons.previous}
        </Button>
        {index < count - 1 ? (
          <Button size="xs" variant="light" onClick={() => enterStep({ ...place, step: index + 1 })}>
            {texts.lessons.next}
          </Button>
        ) : (
          <Button size="xs" variant="light" onClick={leaveLesson}>
            {texts.lessons.finish}
          </Button>
        )}
      </nav>
    </section>
  )
}

/** Takes the focus to the heading of a new step, and from a lesson that was left to the list of lessons. Loading the page moves nothing. */
function useHeadingFocus(place: LessonPlace | null) {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(place)
  useEffect(() => {
    if (place === shown.current) return
    shown.current = place
    if (!place) document.querySelector<HTMLElement>(`.${LESSONS_BUTTON}`)?.focus()
    heading.current?.focus()
    heading.current?.closest('section')?.scrollIntoView({ block: 'nearest' })
  }, [place])
  return heading
}

function Trials({ place }: { place: LessonPlace }) {
  const chosen = useLab((state) => chosenTrial(place, state))
  const tried = useLab((state) =>
    stepAt(place)
      .trials.map((_, i) => (isTried(place, i, state) ? 'x' : ' '))
      .join(''),
  )
  const { trials } = stepAt(place)
  return (
    <>
      {trials.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: buttons that act at once are no fieldset
        <div className="trials" role="group" aria-label={texts.lessons.trials}>
          {trials.map(({ label }, i) => (
            <button key={label} type="button" aria-pressed={i === chosen} onClick={() => chooseTrial(place, i)}>
              <span>{label}</span>
              {tried[i] === 'x' && (
                <span className="tried">
                  <CheckIcon size={13} />
                  <span className="visually-hidden">({texts.lessons.tried})</span>
                </span>
              )}
            </button>
          ))}
        </div>
      )}
      <p className="dim" role="status">
        {chosen < 0 && texts.lessons.otherSettings}
      </p>
    </>
  )
}

function StartButton() {
  const { start, hint } = useStart()
  const active = useLab(({ run }) => isActive(run))
  return (
    <div>
      <Button size="xs" fullWidth leftSection={<PlayIcon />} disabled={!start} onClick={() => start?.()}>
        {active ? texts.lessons.running : texts.lessons.start}
      </Button>
      {!active && hint && <p className="dim">{hint}</p>}
    </div>
  )
}

/** A worker more: a tab of the same room, without the lesson. */
function OpenTab() {
  const room = useLab((state) => state.room)
  const open = () => {
    const url = writeUrl(new URL(location.href), { draft: {}, simulated: false, lesson: null, room: room.name, secret: room.secret })
    window.open(url, '_blank', 'noopener')
  }
  return (
    <Button size="xs" variant="light" leftSection={<TabIcon />} onClick={open}>
      {texts.add.tab}
    </Button>
  )
}
