import { stepsPerRound } from '../cluster/index.ts'
import { findAlgorithm, partnersOf, type RunConfig } from '../engine/index.ts'
import { freeTabs } from './cluster-view.ts'
import { checkRun, simulatedWorkers, tabWorkers } from './form/check-run.ts'
import { formatBytes, formatCount, formatPercent } from './format.ts'
import { isAgreement, type LatestEvaluation, latestEvaluation } from './metrics/latest.ts'
import type { MetricsStore } from './metrics/metrics-store.ts'
import { isActive, type RunState } from './state.ts'
import type { LabState } from './store.ts'
import { fieldLabel, optionLabel, texts } from './texts/index.ts'

type Told = Pick<LabState, 'room' | 'run' | 'metrics' | 'draft' | 'simulated'>

/** One sentence: what you are seeing now, and what to try next. */
export function sentence({ room, run, metrics, draft, simulated }: Told): string {
  if (run?.phase === 'replay') return texts.replay.sentence
  const needsRoom = run ? run.simulation === null : !simulated
  if (needsRoom && room.phase === 'removed')
    return 'The host has removed this tab from the room. Reload it to come back in as a new visitor, or train workers that it simulates.'
  if (needsRoom && room.phase === 'failed')
    return `This tab is not in a room: ${room.message || 'the signalling server does not answer'}. It keeps trying.`
  if (needsRoom && room.phase === 'connecting')
    return room.message
      ? 'This tab has not found its room yet, and keeps trying. Without one, it can train workers that it simulates: “Simulate here”.'
      : 'This tab is looking for others in its room.'
  if (!isActive(run)) {
    const wrong = Object.keys(checkRun(draft, tabWorkers({ room, simulated })).issues)
    if (!simulated && wrong.length === 1 && wrong[0] === 'workers')
      return 'This room has more tabs than the algorithm takes workers: choose “Simulated here” with fewer, or another algorithm.'
    if (wrong.length > 0) return `Before the next start, mend in the form: ${wrong.map(fieldLabel).join(', ')}.`
  }
  if (!run) return beforeRun(room, simulatedWorkers({ draft, simulated }))
  const self = room.members.find((member) => member.self)
  if (self && isActive(run) && !run.simulation && run.seats.every(({ id }) => id !== self.id))
    return self.sitsOut
      ? 'This tab sits out, as the host has arranged it: it watches the others train.'
      : 'This tab watches the run under way, and takes part from the next start on.'
  switch (run.phase) {
    case 'preparing':
      if (run.simulation)
        return 'The simulated workers get ready one after another, each with its own pictures and the same starting model.'
      return 'Every tab loads its own pictures and builds the same starting model; training begins when all are ready.'
    case 'running':
      return duringRun(run, metrics)
    case 'paused':
      return 'All workers stand still before the same step. Step trains and gossips one round; Resume goes on.'
    case 'finished':
      return afterRun(run, metrics, freeTabs(room).length)
    case 'stopped':
      return 'The run was stopped; the charts keep what was measured. Change one thing in the form and start again.'
    case 'failed':
      return `The run ended early: ${run.message}`
    default:
      run.phase satisfies never
      return ''
  }
}

function beforeRun(room: LabState['room'], simulated: number | null): string {
  const own = room.members.find((member) => member.self)
  const self = own?.name ?? 'this tab'
  const tabs = freeTabs(room).length
  if (simulated !== null)
    return `Start trains ${simulated} simulated ${simulated === 1 ? 'worker' : 'workers'} in this tab; other tabs of the room are left alone.`
  if (own?.sitsOut) return `You are ${self}, and sit out the next run, as the host has arranged it: this tab will watch.`
  if (isSteered(room)) return `You are ${self}. The teacher steers this room: it begins here, too, when its host presses Start.`
  if (tabs <= 1)
    return `You are ${self}, the only worker here: Start trains alone. To see gossip, first add a worker: open another tab, bring in a phone, or simulate some here.`
  return `You are ${self}, one of ${tabs} tabs: at Start, pressed ${room.locked ? 'here' : 'in any of them'}, each becomes a worker with its own pictures.`
}

/** Does another tab steer this one? */
function isSteered({ locked, members }: LabState['room']): boolean {
  const own = members.find(({ self }) => self)
  return locked && own !== undefined && !own.host
}

/** In a few words: what Start would do now; null while the form is not valid, and where somebody else starts with a form of his own. */
export function startSummary({ room, draft, simulated }: Pick<LabState, 'room' | 'draft' | 'simulated'>): string | null {
  const { config } = checkRun(draft, tabWorkers({ room, simulated }))
  if (!config || (!simulated && isSteered(room))) return null
  const { workers, model, dataset, steps } = config
  const who = `${workers} ${simulated ? 'simulated ' : ''}${workers === 1 ? 'worker' : 'workers'}`
  const short = (option: string) => optionLabel(option).replace(/ \(.*\)$/, '')
  return `Start: ${who}, ${short(model)} on ${short(dataset)}, ${formatCount(steps)} steps`
}

const exchanging = {
  neighbors: 'gossips with its neighbors',
  everybody: 'averages with all others',
  nobody: 'tells nobody what it learns',
}

function duringRun({ config, seats, simulation }: RunState, metrics: MetricsStore): string {
  const evaluation = latestEvaluation(metrics)
  const partners = partnersOf(config)
  if (seats.length === 1) return `One worker trains alone: no bytes are sent. ${moreWorkers(simulation)} and start again to see gossip.`
  if (!evaluation) return `Each worker trains on its own pictures and ${exchanging[partners]}; the first evaluation is on its way.`
  const gain = evaluation.averaged - evaluation.mean
  if (gain > 0.05)
    return `The averaged model is right in ${formatPercent(evaluation.averaged)}, the local ones in ${formatPercent(evaluation.mean)}: the workers have drifted apart, and averaging brings together what each has learned.`
  if (config.partition === 'dirichlet' && evaluation.mean - evaluation.worst > 0.08)
    return `The worst worker is ${formatPercent(evaluation.mean - evaluation.worst)} behind the mean: its shard lacks classes. A larger α${partners === 'neighbors' ? ' or a denser topology' : ''} closes the gap.`
  if (partners === 'nobody')
    return `Without a byte sent, the workers reach ${formatPercent(evaluation.mean)} test accuracy on average; ${distanceText(evaluation)}.`
  return `${formatBytes(evaluation.sentBytes)} sent by each worker have bought ${formatPercent(evaluation.mean)} test accuracy; ${distanceText(evaluation)}.`
}

const moreWorkers = (simulation: RunState['simulation']) => (simulation ? 'Choose more workers' : 'Open another tab')

const distanceText = ({ consensusDistance }: LatestEvaluation) =>
  isAgreement(consensusDistance)
    ? 'after each round all models are equal, because every worker averages with every other'
    : 'the consensus distance says how far the models are apart'

function afterRun({ config, simulation }: RunState, metrics: MetricsStore, tabs: number): string {
  const evaluation = latestEvaluation(metrics)
  if (!evaluation) return 'The run is over. Export it, or change one thing and start again.'
  if (metrics.workers.size === 1) {
    const next =
      !simulation && tabs > 1
        ? `Start again: all ${tabs} tabs train together.`
        : `${moreWorkers(simulation)} and start again to train together.`
    return `Finished: ${formatPercent(evaluation.mean)} test accuracy with one worker, who has sent nothing. ${next}`
  }
  const price =
    partnersOf(config) === 'nobody' ? 'of workers that sent nothing' : `for ${formatBytes(evaluation.sentBytes)} sent by each worker`
  return `Finished: ${formatPercent(evaluation.averaged)} with the averaged model ${price}. ${nextTry(config, evaluation)}`
}

/** One change that shows something, compared with this run. */
function nextTry(config: RunConfig, { consensusDistance }: LatestEvaluation): string {
  const { id } = config.algorithm
  if (partnersOf(config) === 'nobody') return 'Try D-SUM: the same workers, averaging with their neighbors.'
  if (stepsPerRound(config) > 1) return 'Try a single local step: more bytes, and less drift.'
  if (id === 'd-sum' && isAgreement(consensusDistance))
    return 'Try α 0.1 and a chain of three: then the models differ. Or 8 local steps: an eighth of the bytes.'
  if (id === 'd-sum') return 'Try 8 local steps: an eighth of the bytes, and more drift.'
  if (findAlgorithm(id)?.compressors && config.compressor.id !== 'identity')
    return `Try ${partnersOf(config) === 'neighbors' ? 'D-PSGD' : 'DMSGD'}: it shows what compression saves in bytes, and what it costs in accuracy.`
  return 'Try D-SUM with local steps: fewer bytes for nearly the same accuracy.'
}
