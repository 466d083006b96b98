/** One data set as the server sees it. */
export interface DatasetStatus {
  title: string
  state: 'ready' | 'preparing' | 'unavailable'
  /** of the preparation; 1 when ready */
  fraction: number
  /** one sentence for the user: where it came from, what is going on, or what to do */
  message: string
}

/** Answer of `GET /api/datasets`, by name of the data set; each event of `GET /api/datasets/events` carries the same. */
export type DatasetStatuses = Record<string, DatasetStatus>
