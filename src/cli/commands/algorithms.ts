import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Argument, Command } from 'commander'
import { type AlgorithmDefinition, algorithms, chooseBackend, findAlgorithm, LabError, openBackend } from '../../engine/index.ts'
import { algorithmsPage, type NamedCase } from '../algorithms/page.ts'
import { parseOneOf } from '../choices.ts'
import { hyperparameterHelp } from '../flag-help.ts'

const ids = algorithms.map(({ id }) => id)

interface AlgorithmsFlags {
  markdown?: boolean
  cases: string
}

/** `lab algorithms [ID]`: what there is. */
export function algorithmsCommand(): Command {
  return new Command('algorithms')
    .description('List the algorithms and what each sends; or one of them, with the flags of its hyperparameters')
    .addArgument(new Argument('[id]', 'one of them').choices(ids).argParser(parseOneOf(ids)))
    .option('--markdown', 'print docs/algorithms.md, with bytes measured')
    .option('--cases <folder>', 'reference cases to name in it', '../shared/reference/cases')
    .action(async (id: string | undefined, { markdown, cases }: AlgorithmsFlags) => {
      if (markdown) {
        const named = await namedCases(cases)
        const backend = await openBackend(await chooseBackend('simd'))
        process.stdout.write(await algorithmsPage(backend, named))
        return
      }
      const one = id === undefined ? undefined : findAlgorithm(id)
      process.stdout.write(one ? describe(one) : listing())
    })
}

function listing(): string {
  const width = Math.max(...ids.map((id) => id.length))
  return algorithms
    .map(({ id, title, source, whatIsSent }) => `${id.padEnd(width)}  ${title} (${source})\n${' '.repeat(width)}  ${whatIsSent}\n`)
    .join('')
}

function describe({ id, title, source, whatIsSent, topologies, mostWorkers }: AlgorithmDefinition): string {
  const flags = hyperparameterHelp(id)
  const width = Math.max(...flags.map(([usage]) => usage.length))
  return [
    `${title} (${source})`,
    whatIsSent,
    ...(topologies ? [`Runs on: ${topologies.join(', ')}`] : []),
    ...(mostWorkers ? [`Takes at most ${mostWorkers} ${mostWorkers === 1 ? 'worker' : 'workers'}`] : []),
    '',
    `lab simulate --algorithm ${id}${flags.length > 0 ? ', and' : ''}`,
    ...flags.map(([usage, help]) => `  ${usage.padEnd(width)}  ${help}`),
    '',
  ].join('\n')
}

/** @throws LabError `reference` */
async function namedCases(folder: string): Promise<NamedCase[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new LabError(
      'reference',
      `--cases got ${JSON.stringify(folder)}; cannot be read (${error instanceof Error ? error.message : error})`,
    )
  })
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (name) => {
      const { id, algorithm } = JSON.parse(await readFile(path.join(folder, name), 'utf8'))
      return { id, algorithm: algorithm.id }
    }),
  )
}
