import { charts } from './charts.ts'
import { classTexts } from './class.ts'
import { header } from './header.ts'
import { lesson } from './lesson.ts'
import { method } from './method.ts'
import { page } from './page.ts'
import { predictions } from './predictions.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { runs } from './runs.ts'
import { swarm } from './swarm.ts'
import { workers } from './workers.ts'

/** Every sentence the dashboard says on its own, a file for each part of the screen; help texts of fields come from the schema. */
export const texts = {
  ...page,
  ...header,
  ...run,
  ...lesson,
  ...swarm,
  ...charts,
  ...predictions,
  ...workers,
  ...classTexts,
  ...runs,
  ...method,
  ...report,
} as const
