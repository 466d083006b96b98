import { Marker } from './Marker.tsx'

/** Heads the column of a worker. */
export function WorkerColumn({ rank, name, marked }: { rank: number; name: string | undefined; marked: boolean }) {
  return (
    <span title={name}>
      {marked && <Marker rank={rank} size={10} />} <span className="number">{rank}</span>
    </span>
  )
}
