import { insightOf } from '../insight/insight-store.ts'
import { keptRunOf } from '../runs/kept-run.ts'
import { keepRun, listRuns } from '../runs/kept-runs.ts'
import { useLab } from '../store.ts'

/** Keeps every run of this page when it is over. What other tabs tell of it afterwards is kept too. Returns how to end that. */
export function keepRuns(): () => void {
  void listRuns()
  let done: Promise<void> = Promise.resolve()
  let kept = { id: '', events: 0 }
  return useLab.subscribe(({ run, metrics, room, replay }) => {
    if (replay || !run || metrics.isEmpty) return
    if (run.phase !== 'finished' && run.phase !== 'stopped' && run.phase !== 'failed') return
    const now = { id: run.id, events: metrics.eventCount }
    if (now.id === kept.id && now.events === kept.events) return
    kept = now
    const record = keptRunOf(run, metrics, room, Date.now())
    const insight = insightOf(run.id)
    done = done.then(() => keepRun(record, metrics, insight))
  })
}
