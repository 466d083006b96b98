import { createContext, useContext } from 'react'
import type { Assignment, Trouble } from '../cluster/index.ts'
import type { RunConfigInput } from '../engine/index.ts'
import type { PeerId } from '../p2p/index.ts'

/** What a user can ask of this tab. What steers a run of the room goes through its host, whoever asks; a simulated run is this tab's own. */
export interface LabActions {
  /** Asks the host to start a run. Rejects with a message for the user when it will not. */
  start(config: RunConfigInput): Promise<void>
  /** Starts config.workers simulated workers in this tab. Rejects with a message for the user while another run keeps it busy. */
  simulate(config: RunConfigInput): Promise<void>
  /** Pauses every worker before the next common step. */
  pause(): void
  resume(): void
  /** Trains one communication round, then pauses. */
  stepRound(): void
  stop(): void
  /** Clears this tab's charts and puts the form back to the defaults, in a lesson to those of its step; stops nothing. */
  reset(): void
  rename(name: string): void
  setLocked(locked: boolean): void
  /** This tab's worker is slow from now on, or its messages get lost, until told otherwise. */
  misbehave(trouble: Trouble): void
  /** As host: who takes which rank in the next run, and who sits out. */
  assign(assignment: Assignment): void
  /** As host: sends a tab away for good. */
  removeTab(id: PeerId): void
  /** As host: makes another tab host, which alone can give the role back. */
  makeHost(id: PeerId): void
  /** Of a tab that was removed: loads the page anew, as a new visitor. */
  comeBack(): void
  /** Prepares an official data set archive in this browser. Rejects with a message for the user. */
  prepareArchive(file: File): Promise<void>
}

const ActionsContext = createContext<LabActions | null>(null)
export const ActionsProvider = ActionsContext.Provider

export function useActions(): LabActions {
  const actions = useContext(ActionsContext)
  if (!actions) throw new Error('useActions outside of ActionsProvider')
  return actions
}
