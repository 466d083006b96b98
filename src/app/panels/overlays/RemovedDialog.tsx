import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useActions } from '../../actions.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'

/** Tells the user of a tab that the host has removed it, and how to come in again. */
export function RemovedDialog() {
  const actions = useActions()
  const removed = useLab((state) => state.room.phase === 'removed')
  const [read, setRead] = useState(false)
  return (
    <Modal
      opened={removed && !read}
      onClose={() => setRead(true)}
      title={texts.removed.title}
      centered
      closeButtonProps={{ 'aria-label': texts.removed.stay }}
    >
      <p>{texts.removed.text}</p>
      <Group mt="md" justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={() => setRead(true)}>
          {texts.removed.stay}
        </Button>
        <Button size="xs" onClick={actions.comeBack} data-autofocus>
          {texts.removed.comeBack}
        </Button>
      </Group>
    </Modal>
  )
}
