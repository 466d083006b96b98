import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type AlgorithmDefinition, algorithms, type Backend, describeRange, fieldsOf } from '../../engine/index.ts'
import { projectFolder } from '../paths.ts'
import { computedBytes, measuredBytes, setting } from './bytes.ts'

/** A reference case that the page may name. */
export interface NamedCase {
  id: string
  algorithm: string
}

/** docs/algorithms.md: every method's update, what it sends, its bytes, its hyperparameters and its reference cases. */
export async function algorithmsPage(backend: Backend, cases: NamedCase[]): Promise<string> {
  const sections: string[] = []
  for (const definition of algorithms) sections.push(await section(definition as AlgorithmDefinition, backend, cases))
  return `# Algorithms

Made by \`npm run -s lab -- algorithms --markdown\`; do not edit. One file each in \`src/engine/algorithms\`, its step beside the paper's.

Bytes are what each worker sends per gradient step, without framing, for ResNet20 (D = ${setting.dimension.toLocaleString('en-US')}) and N = ${setting.workers} workers: on a
ring (deg = 2) for gossip, by all-gather for exact averages; K (or I, H) = ${setting.localSteps} where a method has local steps or resets; exact top-k with
k = ${setting.kept.toLocaleString('en-US')} (k/d = 0.01) where it compresses. "Measured" is what the real codec sent; sparse positions are compressed, which the formula's 8 bytes an
entry do not know.

A model with batch normalization (\`resnet20-bn\`, \`resnet56-bn\`) also has running statistics, 1,568 numbers for ResNet20. They are gossiped or
averaged in the same rounds as the model (RelaySGD gossips them in a round of their own), never compressed or rounded, and count as
payload. Methods that send only gradients, residuals or compressed differences (DMSGD, GMC and its relatives, DGC, CSER, DEF-A, CHOCO-SGD)
leave every worker its own, which differ even where the model is common; they are averaged for the evaluation of the averaged model.

With \`float16\` dense vectors are sent rounded to 16 bits. In gossip a worker keeps what rounding took from its own vector,
v_i = sum_j W_ij q_j + (v_i - q_i), so that the mean of the models and the sum of the trackers are kept; an average is that of the rounded
vectors.

${sections.join('\n')}`
}

async function section(definition: AlgorithmDefinition, backend: Backend, cases: NamedCase[]): Promise<string> {
  const { id, title, source, whatIsSent } = definition
  const { formula, bytes } = computedBytes(id)
  const measured = await measuredBytes(definition, backend)
  const own = cases.filter((found) => found.algorithm === id).map((found) => `\`${found.id}\``)
  const megabytes = (count: number) => `${(count / 1e6).toFixed(3)} MB`
  const hyperparameters = fieldsOf(definition.hyperparameters).map((field) => {
    const range = field.kind === 'number' ? describeRange(field) : field.kind === 'choice' ? field.options.join(', ') : 'true, false'
    return `| \`${field.path}\` | ${field.help} | ${range} | ${field.initial} |`
  })
  return [
    `## ${title}: \`${id}\``,
    '',
    `${source}.${definition.topologies ? ` Runs on: ${definition.topologies.join(', ')}.` : ''}`,
    '',
    '```',
    await updateOf(id),
    '```',
    '',
    `**Sent:** ${whatIsSent}`,
    '',
    `**Bytes per worker and step:** ${formula} = ${megabytes(bytes)}; measured ${megabytes(measured)}.`,
    '',
    ...(hyperparameters.length > 0
      ? ['| hyperparameter | meaning | allowed | default |', '| --- | --- | --- | --- |', ...hyperparameters, '']
      : []),
    `**Reference cases:** ${own.length > 0 ? own.join(', ') : 'none'}.`,
    '',
  ].join('\n')
}

/** The update as it stands in the docstring of the algorithm's file: the lines indented by four. */
async function updateOf(id: string): Promise<string> {
  // A method that is another under a restriction has that one's update.
  const file = id === 'centralized' ? 'local' : id
  const source = await readFile(path.join(projectFolder, 'src/engine/algorithms', `${file}.ts`), 'utf8')
  const lines = source.split('\n').flatMap((line) => /^ \* {5}(.*)$/.exec(line)?.[1] ?? [])
  if (lines.length === 0) throw new Error(`src/engine/algorithms/${file}.ts: no update in its docstring`)
  return lines.join('\n')
}
