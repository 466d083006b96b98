import type { RunConfig } from '../../engine/index.ts'
import type { CaseResult } from './result.ts'

/** A case as the command line hands it to a page: a trajectory whole, a model case by the address of its folder. */
export type HandedCase = { kind: 'trajectory'; json: unknown } | { kind: 'model'; folder: string }

/** What verify.html offers as `globalThis.verify`. */
export interface VerifyPort {
  /** Resolves with what computes, for the user. */
  open(backend: RunConfig['backend']): Promise<string>
  run(handed: HandedCase): Promise<CaseResult>
}
