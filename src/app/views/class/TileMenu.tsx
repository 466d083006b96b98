import { ActionIcon, Menu } from '@mantine/core'
import { texts } from '../../texts/index.ts'
import { MoreIcon } from '../../widgets/icons.tsx'

export type TileOrder = 'makeHost' | 'remove'

interface Props {
  name: string
  linked: boolean
  onOrder(order: TileOrder): void
}

/** What the host can do with another tab. */
export function TileMenu({ name, linked, onOrder }: Props) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size={18} variant="subtle" color="gray" aria-label={texts.class.manage(name)}>
          <MoreIcon size={12} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={!linked} onClick={() => onOrder('makeHost')}>
          {texts.class.makeHost}
        </Menu.Item>
        <Menu.Item onClick={() => onOrder('remove')}>{texts.class.remove}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
