import { useMemo } from 'react'
import { useActions } from '../actions.ts'
import { isActive } from '../state.ts'
import { useLab } from '../store.ts'
import { texts } from '../texts/index.ts'
import { checkRun, tabWorkers } from './check-run.ts'

/** May this tab steer, and how it starts what the form says; `start` is null, and `hint` says why, while it cannot. */
export function useStart(): { allowed: boolean; start: (() => void) | null; hint: string } {
  const actions = useActions()
  const run = useLab((state) => state.run)
  const roomPhase = useLab((state) => state.room.phase)
  const isHost = useLab((state) => state.room.members.some((member) => member.self && member.host))
  const locked = useLab((state) => state.room.locked)
  const draft = useLab((state) => state.draft)
  const simulated = useLab((state) => state.simulated)
  const tabs = useLab(tabWorkers)
  const config = useMemo(() => checkRun(draft, tabs).config, [draft, tabs])
  const active = isActive(run)
  const inRoom = roomPhase === 'open' || roomPhase === 'offline'
  const closedHint = roomPhase === 'removed' ? texts.removed.hint : texts.controls.closedHint
  // A simulated run is this tab's own affair.
  const own = active ? run.simulation !== null : simulated
  const refusal = own ? '' : !inRoom ? closedHint : locked && !isHost ? texts.controls.lockedHint : ''
  const allowed = refusal === ''
  return {
    allowed,
    hint: refusal || (config ? '' : texts.controls.invalidHint),
    // The reason of a refusal is in the log and on screen; nothing is left to do here.
    start: !allowed || !config || active ? null : () => void (simulated ? actions.simulate(config) : actions.start(config)).catch(() => {}),
  }
}
