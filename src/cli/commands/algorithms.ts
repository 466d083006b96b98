import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { algorithms, chooseBackend, openBackend } from '../../engine/index.ts'
import { algorithmsPage, type NamedCase } from '../algorithms/page.ts'

/** `lab algorithms`: what there is. */
export function algorithmsCommand(): Command {
  return new Command('algorithms')
    .description('List the algorithms, and what each sends')
    .option('--markdown', 'print docs/algorithms.md, with bytes measured')
    .option('--cases <folder>', 'reference cases to name in it', '../shared/reference/cases')
    .action(async ({ markdown, cases }: { markdown?: boolean; cases: string }) => {
      if (markdown) {
        const backend = await openBackend(await chooseBackend('simd'))
        process.stdout.write(await algorithmsPage(backend, await namedCases(cases)))
        return
      }
      const width = Math.max(...algorithms.map(({ id }) => id.length))
      for (const { id, title, source, whatIsSent } of algorithms)
        process.stdout.write(`${id.padEnd(width)}  ${title} (${source})\n${' '.repeat(width)}  ${whatIsSent}\n`)
    })
}

async function namedCases(folder: string): Promise<NamedCase[]> {
  const names = await readdir(folder)
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (name) => {
      const { id, algorithm } = JSON.parse(await readFile(path.join(folder, name), 'utf8'))
      return { id, algorithm: algorithm.id }
    }),
  )
}
