import './link-table.css'
import { useState } from 'react'
import { formatBytes } from '../../format.ts'
import type { LinkBytes, Member } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'

/** What went to and came from every other tab, also where the topology has no link: exact averages and evaluations need all of them. */
export function LinkTable() {
  const [open, setOpen] = useState(false)
  const anyLinks = useLab((state) => state.room.links.length > 0)
  if (!anyLinks) return null
  return (
    <details className="link-table" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.links.title}</summary>
      {open && <Table />}
    </details>
  )
}

function Table() {
  const links = useLab((state) => state.room.links)
  const members = useLab((state) => state.room.members)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section tabIndex={0} aria-label={texts.links.title}>
      <table>
        <caption>{texts.links.caption}</caption>
        <thead>
          <tr>
            <td />
            {texts.links.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{byRank(links, members).map(rowsOf)}</tbody>
      </table>
    </section>
  )
}

interface NamedLink extends LinkBytes {
  name: string
}

function byRank(links: LinkBytes[], members: Member[]): NamedLink[] {
  const inOrder = [...members].sort((a, b) => a.rank - b.rank)
  return inOrder.flatMap(({ id, name }) => links.filter(({ peer }) => peer === id).map((link) => ({ ...link, name })))
}

function rowsOf({ peer, name, sent, received }: NamedLink) {
  const ways = [
    { title: texts.links.to(name), bytes: sent },
    { title: texts.links.from(name), bytes: received },
  ]
  return ways.map(({ title, bytes: { payload, framing, control } }) => (
    <tr key={`${peer} ${title}`}>
      <th scope="row" title={title}>
        {title}
      </th>
      <td>{formatBytes(payload)}</td>
      <td>{formatBytes(framing)}</td>
      <td>{formatBytes(control)}</td>
    </tr>
  ))
}
