import type { Mode, Model } from '../models/types.ts'
import { compilePlan, type Plan, type Purpose } from '../plan/index.ts'
import type { SelfTest } from './types.ts'

/** A plan with its memory on a device. */
interface OnDevice {
  /** of memory */
  bytes: number
  destroy(): void
}

interface PlansOfModel<C> {
  users: number
  plans: Map<string, Promise<C>>
  selfTest: Promise<SelfTest> | null
}

/** Compiled plans of the models in use. Workers of one process share them: their steps follow each other on the device. */
export class Plans<C extends OnDevice> {
  /** by the model, as text: each worker has an object of its own */
  private readonly models = new Map<string, PlansOfModel<C>>()
  private readonly texts = new WeakMap<Model, string>()

  constructor(private readonly compile: (plan: Plan) => C | Promise<C>) {}

  /** Compiled once for each model, purpose and size of batch. @throws LabError `backend` when there is not enough memory */
  get(model: Model, batch: number, purpose: Purpose, mode?: Mode): Promise<C> {
    const { plans } = this.of(model)
    const key = `${batch} ${purpose} ${mode}`
    const compiled = plans.get(key) ?? Promise.resolve(this.compile(compilePlan(model, batch, purpose, mode)))
    plans.set(key, compiled)
    return compiled
  }

  /** What the self-test of a model finds; it is done once. */
  tested(model: Model, test: () => Promise<SelfTest>): Promise<SelfTest> {
    const own = this.of(model)
    own.selfTest ??= test()
    return own.selfTest
  }

  /** One more user of a model's plans. */
  use(model: Model): void {
    this.of(model).users++
  }

  /** When the last user leaves, the plans' memory is given back. */
  leave(model: Model): void {
    const own = this.of(model)
    if (--own.users > 0) return
    this.models.delete(this.textOf(model))
    for (const plan of own.plans.values())
      plan.then(
        ({ destroy }) => destroy(),
        () => {},
      )
  }

  /** of device memory, of all plans */
  async bytes(): Promise<number> {
    const plans = await Promise.all([...this.models.values()].flatMap(({ plans }) => [...plans.values()]))
    return plans.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  private of(model: Model): PlansOfModel<C> {
    const text = this.textOf(model)
    const own = this.models.get(text) ?? { users: 0, plans: new Map(), selfTest: null }
    this.models.set(text, own)
    return own
  }

  private textOf(model: Model): string {
    const text = this.texts.get(model) ?? JSON.stringify(model)
    this.texts.set(model, text)
    return text
  }
}
