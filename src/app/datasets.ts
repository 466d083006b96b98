import { z } from 'zod'
import type { DatasetStatuses } from '../engine/index.ts'
import { fetchText } from './fetch-text.ts'

const statusesSchema = z.record(
  z.string(),
  z.object({
    title: z.string(),
    state: z.enum(['ready', 'preparing', 'unavailable']),
    fraction: z.number().min(0).max(1).catch(0),
    message: z.string().catch(''),
  }),
) satisfies z.ZodType<DatasetStatuses>

/**
 * Follows the server's preparation of data sets. A static host has no such interface: then nothing is ever reported.
 * Returns a function that ends it.
 */
export function followDatasets(base: URL, report: (statuses: DatasetStatuses) => void): () => void {
  let source: EventSource | null = null
  let ended = false
  const take = (value: unknown) => {
    const parsed = statusesSchema.safeParse(value)
    if (parsed.success && !ended) report(parsed.data)
    return parsed.success
  }
  fetchText(new URL('api/datasets', base)).then((text) => {
    if (text === null || !take(parseJson(text)) || ended) return
    source = new EventSource(new URL('api/datasets/events', base))
    source.onmessage = ({ data }) => {
      take(parseJson(String(data)))
    }
  })
  return () => {
    ended = true
    source?.close()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
