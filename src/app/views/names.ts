/** What the middle of the dashboard can show, in the order of its tabs. */
export const viewNames = ['charts', 'predictions', 'workers', 'class', 'runs', 'method'] as const
export type ViewName = (typeof viewNames)[number]
