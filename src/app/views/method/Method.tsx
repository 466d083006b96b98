import './method.css'
import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type AlgorithmId, fieldsOf, findAlgorithm, type RunConfig } from '../../../engine/index.ts'
import { checkRun, tabWorkers } from '../../form/check-run.ts'
import { formatPercent } from '../../format.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { useLab } from '../../store.ts'
import { optionLabel, texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { ExchangeIcon } from '../../widgets/icons.tsx'
import { type Equation, equations, linesFor } from './equations.ts'
import { letterMacros, numberMacros, type SymbolName, symbols, symbolValues, texNumber } from './symbols.ts'
import { Tex } from './Tex.tsx'

const notations = ['letters', 'numbers'] as const
type Notation = (typeof notations)[number]

/** The equations of the run on screen, else of the next run, with letters or with its numbers, and what the letters mean. */
export default function Method() {
  const run = useLab((state) => state.run)
  const draft = useLab((state) => state.draft)
  const workers = useLab(tabWorkers)
  const config = useMemo(() => run?.config ?? checkRun(draft, workers).config, [run, draft, workers])
  if (!config)
    return (
      <Card title={texts.method.title}>
        <p className="empty">{texts.method.invalid}</p>
      </Card>
    )
  return <MethodOf config={config} whose={run ? texts.method.thisRun : texts.nextRun} />
}

function MethodOf({ config, whose }: { config: RunConfig; whose: string }) {
  const [notation, setNotation] = useState<Notation>('letters')
  const rate = useLearningRate()
  const values = useMemo(() => symbolValues(config, rate), [config, rate])
  const macros = useMemo(() => (notation === 'letters' ? letterMacros : numberMacros(values)), [notation, values])
  const { algorithm } = config
  const definition = findAlgorithm(algorithm.id)
  const { point, step, round = [] } = equations[algorithm.id as AlgorithmId]
  const gradient: Equation = { tex: String.raw`g_i = \nabla F_i(${point}) + \weightDecay\, ${point.includes('-') ? `(${point})` : point}` }
  return (
    <div className="method">
      <Card
        title={definition?.title ?? algorithm.id}
        unit={whose}
        help={texts.method.help}
        legend={
          <SegmentedControl
            size="xs"
            aria-label={texts.method.notation}
            data={notations.map((value) => ({ value, label: texts.method[value] }))}
            value={notation}
            onChange={setNotation}
          />
        }
      >
        <p className="dim">{definition?.source}</p>
        <Lines title={texts.method.everyStep} lines={[gradient, ...linesFor(step, algorithm)]} macros={macros} />
        {round.length > 0 && <Lines title={texts.method.everyRound(algorithm)} lines={linesFor(round, algorithm)} macros={macros} />}
        <p>
          <strong>{texts.method.sent}</strong> {definition?.whatIsSent}
        </p>
      </Card>
      <Symbols config={config} values={values} rateOfRun={rate !== null} />
    </div>
  )
}

function Lines({ title, lines, macros }: { title: string; lines: readonly Equation[]; macros: Record<string, string> }) {
  return (
    <section className="equations" aria-label={title}>
      <h3>{title}</h3>
      <ol>
        {lines.map(({ tex, sends }) => (
          <li key={tex} data-sends={sends}>
            <Tex tex={tex} macros={macros} />
            {sends && (
              <span className="sends">
                <ExchangeIcon /> {texts.method.sends}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

interface SymbolsProps {
  config: RunConfig
  values: Partial<Record<SymbolName, number>>
  /** the learning rate is that of a step, not the base of the schedule */
  rateOfRun: boolean
}

/** What each letter of the equations means, and its value. */
function Symbols({ config, values, rateOfRun }: SymbolsProps) {
  const definition = findAlgorithm(config.algorithm.id)
  const meanings = new Map(definition && fieldsOf(definition.hyperparameters).map(({ path, help }) => [path, help]))
  const { compressor, resetCompressor, topology } = config
  const compressed = [
    { letter: 'C(v)', choice: compressor },
    { letter: "C'(v)", choice: resetCompressor },
  ].slice(0, definition?.compressors ?? 0)
  const ownMeanings: Partial<Record<SymbolName, string>> = {
    learningRate: rateOfRun ? texts.method.rateNow(config.schedule) : texts.method.rate(config.schedule),
    weightDecay: texts.method.weightDecay,
    workers: texts.method.workers,
  }
  const { step, round = [] } = equations[config.algorithm.id as AlgorithmId]
  const gossips = [...step, ...round].some(({ tex }) => tex.includes('W_{ij}'))
  const rows = (Object.keys(symbols) as SymbolName[]).flatMap((name) => {
    const value = values[name]
    return value === undefined
      ? []
      : [{ tex: `${symbols[name]} = ${texNumber(value)}`, meaning: ownMeanings[name] ?? meanings.get(name) ?? '' }]
  })
  const notions = [
    { tex: 'F_i', meaning: texts.method.loss(config.batchSize) },
    ...(gossips ? [{ tex: 'W_{ij}', meaning: texts.method.mixing(optionLabel(topology)) }] : []),
    ...compressed.map(({ letter, choice }) => ({
      tex: letter,
      meaning: texts.method.compressor(
        optionLabel(choice.id),
        'ratio' in choice ? formatPercent(choice.ratio).replace(' ', '\u00a0') : null,
      ),
    })),
  ]
  return (
    <Card title={texts.method.symbols} help={texts.method.symbolsHelp}>
      <dl className="symbols">
        {[...rows, ...notions].map(({ tex, meaning }) => (
          <div key={tex}>
            <dt>
              <Tex tex={tex} macros={letterMacros} />
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

/** The learning rate of the last step of the run; null before there was one. */
function useLearningRate(): number | null {
  const { metrics } = useLiveMetrics(0, stepsOf)
  const steps = metrics.ranked().find(({ steps }) => steps.length > 0)?.steps
  return steps?.last('learningRate') ?? null
}

const stepsOf = (metrics: MetricsStore) => metrics.stepCount
