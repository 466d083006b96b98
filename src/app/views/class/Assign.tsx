import { ActionIcon, Button, Checkbox } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { asTheyCame } from '../../../cluster/index.ts'
import { useActions } from '../../actions.ts'
import { freeTabs } from '../../cluster-view.ts'
import type { Member } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { DownIcon, UpIcon } from '../../widgets/icons.tsx'
import { assignmentOf, moved, takingPart } from './assigning.ts'
import { TileTags } from './TileTags.tsx'

/** Where the host arranges the ranks of the next run. */
export function Assign() {
  const actions = useActions()
  const room = useLab((state) => state.room)
  const [lastMoved, setLastMoved] = useState<string | null>(null)
  const members = [...room.members].sort((a, b) => a.place - b.place)
  const ranks = new Map(freeTabs(room).map(({ id }, rank) => [id, rank]))
  const assignment = assignmentOf(members)
  const move = ({ id }: Member, by: -1 | 1) => {
    actions.assign(moved(assignment, id, by))
    setLastMoved(id)
  }
  const takePart = ({ id }: Member, takesPart: boolean) => {
    actions.assign(takingPart(assignment, id, takesPart))
    setLastMoved(id)
  }
  const told = members.find(({ id }) => id === lastMoved)
  return (
    <section aria-label={texts.class.assign}>
      <p className="class-help">{texts.class.assignHelp}</p>
      <ol className="assign">
        {members.map((member, place) => (
          <AssignRow
            key={member.id}
            member={member}
            rank={ranks.get(member.id) ?? null}
            first={place === 0}
            last={place === members.length - 1}
            onMove={(by) => move(member, by)}
            onTakePart={(takesPart) => takePart(member, takesPart)}
          />
        ))}
      </ol>
      <Button size="xs" variant="default" onClick={() => actions.assign(asTheyCame)}>
        {texts.class.asTheyCame}
      </Button>
      <p className="visually-hidden" role="status">
        {told && placeText(told, ranks.get(told.id) ?? null)}
      </p>
    </section>
  )
}

const placeText = ({ name }: Member, rank: number | null) => (rank === null ? texts.class.movedOut(name) : texts.class.moved(name, rank))

interface RowProps {
  member: Member
  /** null for one that will not train */
  rank: number | null
  first: boolean
  last: boolean
  onMove(by: -1 | 1): void
  onTakePart(takesPart: boolean): void
}

function AssignRow({ member: { name, self, host, sitsOut, busy }, rank, first, last, onMove, onTakePart }: RowProps) {
  const byArrows = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null
    if (by === null) return
    event.preventDefault()
    onMove(by)
  }
  // Not disabled at the ends: a button that has just been used keeps the focus.
  const mover = (label: string, by: -1 | 1, atEnd: boolean) => (
    <ActionIcon
      size="sm"
      variant="default"
      aria-label={label}
      aria-disabled={atEnd || undefined}
      data-disabled={atEnd || undefined}
      onClick={() => onMove(by)}
      onKeyDown={byArrows}
    >
      {by === -1 ? <UpIcon size={12} /> : <DownIcon size={12} />}
    </ActionIcon>
  )
  return (
    <li className="assign-row" data-out={rank === null || undefined} data-self={self || undefined}>
      <span className="assign-rank">{rank ?? '–'}</span>
      <span className="tile-name" title={name}>
        {name}
      </span>
      <TileTags self={self} host={host} />
      {busy && (
        <span className="tag warn" title={texts.status.busy}>
          {texts.class.busy}
        </span>
      )}
      <Checkbox
        size="xs"
        className="assign-part"
        label={texts.class.takesPart}
        aria-label={texts.class.takesPartLabel(name)}
        checked={!sitsOut}
        onChange={(event) => onTakePart(event.currentTarget.checked)}
      />
      {mover(texts.class.up(name), -1, first)}
      {mover(texts.class.down(name), 1, last)}
    </li>
  )
}
