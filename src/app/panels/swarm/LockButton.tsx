import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useActions } from '../../actions.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { LockIcon, UnlockIcon } from '../../widgets/icons.tsx'

/** Locks and unlocks the room, on its host; on others it says who can. `labelled`: with its text, for where the host steers. */
export function LockButton({ labelled = false }: { labelled?: boolean }) {
  const actions = useActions()
  const locked = useLab((state) => state.room.locked)
  const isHost = useLab((state) => state.room.members.some((member) => member.self && member.host))
  const label = locked ? texts.room.unlock : texts.room.lock
  const icon = locked ? <LockIcon /> : <UnlockIcon />
  const toggle = () => isHost && actions.setLocked(!locked)
  return (
    <Tooltip
      label={isHost ? `${label}. ${texts.room.lockHint}` : locked ? texts.controls.lockedHint : texts.room.onlyHostLocks}
      multiline
      maw={220}
    >
      {labelled ? (
        <Button size="xs" variant={locked ? 'filled' : 'default'} leftSection={icon} aria-pressed={locked} onClick={toggle}>
          {label}
        </Button>
      ) : (
        <ActionIcon
          variant="subtle"
          color={locked ? 'indigo' : 'gray'}
          size="sm"
          aria-label={label}
          aria-pressed={locked}
          data-disabled={!isHost || undefined}
          onClick={toggle}
        >
          {icon}
        </ActionIcon>
      )}
    </Tooltip>
  )
}
