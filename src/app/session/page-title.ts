import { formatCount } from '../format.ts'
import type { LabState } from '../store.ts'
import { texts } from '../texts/index.ts'

/** What stands on the browser's tab: the state of the run first, because tabs are narrow. */
export function pageTitle({ room, run, metrics }: Pick<LabState, 'room' | 'run' | 'metrics'>): string {
  const name = room.members.find((member) => member.self)?.name
  const place = name ? `${name} · ${texts.brand}` : texts.brand
  if (!run) return place
  switch (run.phase) {
    case 'running':
      return `▶ ${formatCount(metrics.maxStep)}/${formatCount(run.config.steps)} · ${place}`
    case 'paused':
      return `❚❚ ${formatCount(metrics.maxStep)}/${formatCount(run.config.steps)} · ${place}`
    case 'preparing':
      return `… ${place}`
    case 'finished':
      return `✓ ${place}`
    case 'stopped':
      return `■ ${place}`
    case 'failed':
      return `! ${place}`
    case 'replay':
      return `${texts.runPhase.replay} · ${place}`
    default:
      run.phase satisfies never
      return place
  }
}
