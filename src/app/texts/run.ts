/** The form of the next run. */
export const run = {
  where: {
    label: 'Where the workers run',
    tabs: 'Tabs of this room',
    simulated: 'Simulated here',
    help: 'Each tab of the room is a worker, or this tab alone runs a whole simulated cluster: the same trainers and messages, over a network in memory, with the same numbers. Its workers share one processor, so more of them take longer.',
    simulatedNote: 'A run of this tab’s own: other tabs are not touched, and runs of the room leave this tab out until it is over.',
  },
  nextStart: 'Changes count from the next start.',
  less: 'Fewer options',
  more: (names: string[]) => `More: ${names.map((name) => name.toLowerCase()).join(', ')}`,
  datasetMissing: 'not available',
  drop: 'Drop an official CIFAR archive (binary version, .tar.gz) anywhere on the page to prepare it in this browser.',
} as const
