import { Button, Group, Modal } from '@mantine/core'
import { useActions } from '../../actions.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import type { TileOrder } from './TileMenu.tsx'

interface Props {
  id: string
  order: TileOrder
  onClose(): void
}

/** Asks before the host does what it cannot undo. */
export function OrderDialog({ id, order, onClose }: Props) {
  const actions = useActions()
  const member = useLab((state) => state.room.members.find((candidate) => candidate.id === id))
  const name = member?.name ?? ''
  const { title, text, no, yes, color, act } = {
    makeHost: {
      title: texts.class.makeHostTitle(name),
      text: texts.class.makeHostText,
      no: texts.class.stayHost,
      yes: texts.class.makeHostNow,
      color: undefined,
      act: actions.makeHost,
    },
    remove: {
      title: texts.class.removeTitle(name),
      text: texts.class.removeText,
      no: texts.class.keep,
      yes: texts.class.removeNow,
      color: 'red',
      act: actions.removeTab,
    },
  }[order]
  const confirm = () => {
    act(id)
    onClose()
  }
  return (
    <Modal opened={member !== undefined} onClose={onClose} title={title} size="sm" centered closeButtonProps={{ 'aria-label': no }}>
      <p>{text}</p>
      <Group mt="md" justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={onClose} data-autofocus>
          {no}
        </Button>
        <Button size="xs" color={color} onClick={confirm}>
          {yes}
        </Button>
      </Group>
    </Modal>
  )
}
