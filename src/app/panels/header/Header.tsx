import './header.css'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Logo } from '../../widgets/Logo.tsx'
import { SchemeButton } from '../../widgets/SchemeButton.tsx'
import { LessonMenu } from '../lesson/LessonMenu.tsx'
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
      <LessonMenu />
      <SchemeButton />
    </header>
  )
}

function RoomLine() {
  const room = useLab((state) => state.room)
  const self = room.members.find((member) => member.self)
  const count = room.members.length
  const steered = room.locked && self && !self.host
  return (
    <p className="room-line" data-phase={room.phase}>
      <span className="dot" aria-hidden="true" />
      {room.phase === 'open'
        ? [
            texts.inRoom(room.name),
            texts.tabCount(count),
            ...(self ? [texts.youAre(self.name)] : []),
            ...(steered ? [texts.class.teacherSteers] : []),
          ].join(' · ')
        : `${texts.inRoom(room.name)} · ${texts.roomPhase[room.phase]}`}
    </p>
  )
}
