import { Button, Menu } from '@mantine/core'
import { lessons } from '../../lessons/library/index.ts'
import { openLesson } from '../../lessons/visit.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { LessonIcon } from '../../widgets/icons.tsx'

/** Class of the button to which the focus goes when a lesson is left. */
export const LESSONS_BUTTON = 'lessons-button'

/** The lessons to choose from. */
export function LessonMenu() {
  const open = useLab(({ lesson }) => lesson?.lesson.id)
  return (
    <Menu position="bottom-end" width={340} withinPortal returnFocus={false}>
      <Menu.Target>
        <Button className={LESSONS_BUTTON} size="xs" variant="subtle" color="gray" leftSection={<LessonIcon />}>
          {texts.lessons.menu}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="lesson-menu">
        {lessons.map((lesson, i) => (
          <Menu.Item key={lesson.id} aria-current={lesson.id === open || undefined} onClick={() => openLesson(lesson)}>
            <strong>
              {i + 1}. {lesson.title}
            </strong>
            <span className="dim">{lesson.summary}</span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => useLab.setState({ composing: true })}>{texts.composer.menu}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
