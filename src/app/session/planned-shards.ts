import { useEffect, useMemo, useState } from 'react'
import { browserDatasets, type Dataset, type PartitionChoice, partitionOf, type RunConfig, shapes10 } from '../../engine/index.ts'
import { checkRun, tabWorkers } from '../form/check-run.ts'
import { useLab } from '../store.ts'

type DatasetName = RunConfig['dataset']
export type PlannedPartition = PartitionChoice & { dataset: DatasetName }

/** How a run shares its pictures out. */
export const partitionChoiceOf = ({ dataset, trainImages, workers, partition, alpha, seed }: RunConfig): PlannedPartition => ({
  dataset,
  trainImages,
  workers,
  partition,
  alpha,
  seed,
})

/** How the form says that the next run shares its pictures out; null while it is not valid. */
export function usePlannedPartition(): PlannedPartition | null {
  const draft = useLab((state) => state.draft)
  const workers = useLab(tabWorkers)
  return useMemo(() => {
    const { config } = checkRun(draft, workers)
    return config && partitionChoiceOf(config)
  }, [draft, workers])
}

/** shards[rank][class] of a partition that no worker has made yet; null while there is none, or its data set is not there. */
export function usePlannedShards(choice: PlannedPartition | null): number[][] | null {
  const [found, setFound] = useState<number[][] | null>(null)
  const key = JSON.stringify(choice)
  useEffect(() => {
    const asked: PlannedPartition | null = JSON.parse(key)
    let wanted = true
    const show = (shards: number[][] | null) => wanted && setFound(shards)
    if (asked) shardsOf(asked).then(show, () => show(null))
    else show(null)
    return () => {
      wanted = false
    }
  }, [key])
  return found
}

async function shardsOf(choice: PlannedPartition): Promise<number[][]> {
  return (await partitionOf(await openDataset(choice.dataset), choice)).counts
}

/** The record numbers, which are all that a partition needs, are fetched once. */
const opened = new Map<DatasetName, Promise<Dataset>>()

function openDataset(name: DatasetName): Promise<Dataset> {
  const before = opened.get(name)
  if (before) return before
  const opening = (name === 'shapes10' ? Promise.resolve(shapes10) : browserDatasets(new URL('datasets/', location.href).href)(name)).then(
    async (dataset) => {
      const records = await dataset.trainRecords()
      return { ...dataset, trainRecords: async () => records }
    },
  )
  opened.set(name, opening)
  // It may be prepared later.
  opening.catch(() => opened.delete(name))
  return opening
}
