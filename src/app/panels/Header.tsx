import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { MoonIcon, SunIcon } from '../widgets/icons.tsx'
import { Controls } from './Controls.tsx'
import { RunProgress } from './RunProgress.tsx'

export function Header() {
  return (
    <header className="top">
      <div className="brand">
        <Logo />
        <div>
          <h1>{texts.brand}</h1>
          <RoomLine />
        </div>
      </div>
      <div className="steering">
        <RunProgress />
        <Controls />
      </div>
      <SchemeButton />
    </header>
  )
}

function RoomLine() {
  const room = useLab((state) => state.room)
  const self = room.members.find((member) => member.self)
  const count = room.members.length
  return (
    <p className="room-line" data-phase={room.phase}>
      <span className="dot" aria-hidden="true" />
      {room.phase === 'open'
        ? `room ${room.name} · ${count} ${count === 1 ? 'tab' : 'tabs'}${self ? ` · you are ${self.name}` : ''}`
        : `room ${room.name} · ${texts.roomPhase[room.phase]}`}
    </p>
  )
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <ActionIcon
      className="scheme"
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={`Use the ${other} color scheme`}
      onClick={() => setColorScheme(other)}
    >
      {scheme === 'dark' ? <SunIcon size={18} /> : <MoonIcon size={18} />}
    </ActionIcon>
  )
}

function Logo() {
  return (
    <svg className="logo" width="30" height="30" viewBox="0 0 30 30" aria-hidden="true">
      <path d="M8 9L22 8L16 23Z" fill="none" stroke="var(--accent)" strokeWidth="1.6" />
      <circle cx="8" cy="9" r="4.4" fill="var(--worker-0)" />
      <circle cx="22" cy="8" r="4.4" fill="var(--worker-1)" />
      <circle cx="16" cy="23" r="4.4" fill="var(--worker-2)" />
    </svg>
  )
}
