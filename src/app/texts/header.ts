import type { RoomPhase, RunPhase } from '../state.ts'

export const header = {
  brand: 'Tabswarm',
  tabCount: (count: number) => `${count} ${count === 1 ? 'tab' : 'tabs'}`,
  inRoom: (name: string) => `room ${name}`,
  youAre: (name: string) => `you are ${name}`,
  roomPhase: {
    connecting: 'connecting',
    open: 'open',
    offline: 'signalling lost',
    failed: 'not connected',
    removed: 'removed by the host',
  } satisfies Record<RoomPhase, string>,
  controls: {
    start: 'Start',
    pause: 'Pause',
    pausing: 'Pausing…',
    pausingHint: 'Every worker trains to the end of its round first',
    resume: 'Resume',
    step: 'Step',
    stepHint: 'Train one communication round, then pause',
    stop: 'Stop',
    reset: 'Reset',
    resetHint: 'Clear the charts and put the form back to its defaults',
    lockedHint: 'The host has locked this room: only the host can start and steer runs',
    invalidHint: 'Some fields of the run are not valid yet',
    closedHint: 'This tab is not in a room yet',
  },
  idle: 'Ready',
  runPhase: {
    preparing: 'Preparing',
    running: 'Running',
    paused: 'Paused',
    finished: 'Finished',
    stopped: 'Stopped',
    failed: 'Failed',
    replay: 'Recording',
  } satisfies Record<RunPhase, string>,
  /** what a tab does before training, by the stage it reports */
  stages: { data: 'loading pictures', model: 'building the model' } as Record<string, string>,
} as const
