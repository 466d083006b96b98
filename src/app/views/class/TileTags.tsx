import { texts } from '../../texts/index.ts'

/** Which tile is this tab's own, and which the host's. */
export function TileTags({ self, host }: { self: boolean; host: boolean }) {
  if (!self && !host) return null
  return (
    <span className="tags">
      {self && <span className="tag you">{texts.tags.you}</span>}
      {host && <span className="tag">{texts.tags.host}</span>}
    </span>
  )
}
