import { isActive, type RunState } from '../state.ts'
import { addToLog, type LabState, useLab } from '../store.ts'
import { texts } from '../texts/index.ts'

/** Writes down what happens, as it happens. Returns how to end that. */
export function narrate(): () => void {
  return useLab.subscribe((now, before) => {
    if (now.room !== before.room) tellRoom(now.room, before.room)
    if (now.run !== before.run) tellRun(now.run, before.run)
  })
}

function tellRoom(now: LabState['room'], before: LabState['room']): void {
  if (now.phase !== before.phase) addToLog(now.phase === 'offline' ? 'warning' : 'info', `Room ${now.name}: ${texts.roomPhase[now.phase]}.`)
  if (now.message && now.message !== before.message) addToLog('warning', now.message)
  if (now.locked !== before.locked) addToLog('info', now.locked ? 'The host has locked the room.' : 'The room is unlocked.')
  if (before.phase !== 'open' || now.phase === 'removed') return
  const host = now.members.find((member) => member.host)
  if (host && host.id !== before.members.find((member) => member.host)?.id)
    addToLog('info', host.self ? 'You are the host now.' : `${host.name} is the host now.`)
  for (const member of now.members) if (before.members.every(({ id }) => id !== member.id)) addToLog('info', `${member.name} has come in.`)
  for (const member of before.members) if (now.members.every(({ id }) => id !== member.id)) addToLog('info', `${member.name} is gone.`)
}

function tellRun(now: RunState | null, before: RunState | null): void {
  // A recording is no news, and neither is what comes back after one.
  if (!now || now.phase === 'replay' || (before?.phase === 'replay' && !isActive(now))) return
  if (now.id !== before?.id) addToLog('info', `A run with ${workersText(now)} is being prepared.`)
  if (now.phase !== before?.phase && now.phase !== 'preparing') addToLog('info', `${texts.runPhase[now.phase]}.`)
  if (now.message && now.message !== before?.message) addToLog(messageLevels[now.phase], now.message)
}

function workersText({ seats, simulation }: RunState): string {
  const workers = seats.length === 1 ? 'worker' : 'workers'
  return simulation ? `${seats.length} simulated ${workers} in this tab` : `${seats.length} ${workers}`
}

const messageLevels = {
  preparing: 'info',
  running: 'warning',
  paused: 'warning',
  finished: 'info',
  stopped: 'info',
  failed: 'error',
  replay: 'info',
} as const satisfies Record<RunState['phase'], LabState['log'][number]['level']>
