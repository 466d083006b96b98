import path from 'node:path'
import { Argument, Command } from 'commander'
import { type CifarName, cifarFormats, cifarNames, LabError } from '../../engine/index.ts'
import { parseOneOf } from '../choices.ts'
import { findFileDataset, findLocalSource, findUsualSource, prepareDataset } from '../datasets/index.ts'
import { Interrupted, interruptSignal } from '../interrupt.ts'
import { datasetsFolder } from '../paths.ts'
import { progressLine } from '../progress.ts'

interface DatasetsOptions {
  from?: string
  part?: boolean
  skipChecksum?: boolean
  force?: boolean
}

/** `lab datasets cifar10|cifar100`: prepares public/datasets/<name>. */
export function datasetsCommand(): Command {
  return new Command('datasets')
    .description('Prepare a data set: from a local copy, or by downloading the official archive')
    .addArgument(new Argument('<name>', 'data set').choices(cifarNames).argParser(parseOneOf(cifarNames)))
    .option('--from <file-or-folder>', 'official archive or folder, or a folder that contains one')
    .option('--part', 'accept any whole number of records, not only the official ones')
    .option('--skip-checksum', 'accept a re-packed archive')
    .option('--force', 'prepare again even if it is there')
    .action(async (name: CifarName, options: DatasetsOptions) => {
      await prepare(name, options)
    })
}

async function prepare(name: CifarName, options: DatasetsOptions): Promise<void> {
  const format = cifarFormats[name]
  const line = progressLine(format.title)
  const ready = await findFileDataset(datasetsFolder, name)
  if (ready && !options.force && !options.from) {
    line.done(`ready (${ready.manifest.source}); --force prepares it again`)
    return
  }
  const source = options.from ? await findLocalSource(format, path.resolve(options.from), options.part) : await findUsualSource(format)
  if (options.from && !source)
    throw new LabError(
      'dataset',
      `${path.resolve(options.from)}: no ${format.title} there; expected ${format.archive.fileName}, a folder ${format.folder} or ${format.folder}-part, or ${format.trainFiles[0]} in it.`,
    )
  const startedAt = performance.now()
  const signal = interruptSignal()
  try {
    const manifest = await prepareDataset(format, {
      root: datasetsFolder,
      source,
      skipChecksum: options.skipChecksum,
      onProgress: ({ stage, fraction, detail }) => line.update(stage, fraction, detail),
      signal,
    })
    const train = manifest.trainClassCounts.reduce((sum, count) => sum + count, 0)
    line.done(
      `${train} training and ${manifest.testRecords} test pictures from ${manifest.source}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    )
  } catch (error) {
    if (signal.aborted) throw new Interrupted()
    throw error
  }
}
