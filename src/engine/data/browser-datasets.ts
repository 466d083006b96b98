import { LabError } from '../errors.ts'
import type { OpenDataset } from './dataset.ts'
import { openFetchDataset } from './fetch-dataset.ts'
import { openOpfsDataset } from './opfs-dataset.ts'

/**
 * Data sets as a tab finds them: the server's first, which is the same for every tab of the room, then what was dropped on the page.
 * @param datasetsUrl folder of data sets on the server, absolute
 */
export function browserDatasets(datasetsUrl: string): OpenDataset {
  return async (name) => {
    try {
      return await openFetchDataset(datasetsUrl, name)
    } catch (serverError) {
      try {
        return await openOpfsDataset(name)
      } catch {
        const reason = serverError instanceof Error ? serverError.message : String(serverError)
        throw new LabError('dataset', `${reason}; or drop the official archive on the page.`, { cause: serverError })
      }
    }
  }
}
