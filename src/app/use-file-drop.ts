import { useEffect, useState } from 'react'
import type { LabActions } from './actions.ts'
import { importRun, isMetricsFile } from './runs/import-run.ts'

/** Files may be dropped anywhere on the page: the metrics of a run, or the archive of a data set. Tells whether one is being dragged over it. */
export function useFileDrop({ prepareArchive }: LabActions): boolean {
  const [dragging, setDragging] = useState(false)
  useEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDragging(true)
    }
    // Leaving one element for another also fires; leaving the window has nowhere to go to.
    const leave = (event: DragEvent) => event.relatedTarget === null && setDragging(false)
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDragging(false)
      const file = event.dataTransfer?.files[0]
      // What came of it stands in the log and beside the data set.
      if (file && isMetricsFile(file)) void importRun(file)
      else if (file) prepareArchive(file).catch(() => {})
    }
    window.addEventListener('dragover', over, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', drop, { signal })
    return () => listening.abort()
  }, [prepareArchive])
  return dragging
}
