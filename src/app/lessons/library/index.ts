import { type Lesson, parseLesson } from '../schema.ts'
import { clientDrift } from './client-drift.ts'
import { compression } from './compression.ts'
import { gossip } from './gossip.ts'
import { gradientTracking } from './gradient-tracking.ts'
import { megabyte } from './megabyte.ts'
import { misbehavingTabs } from './misbehaving-tabs.ts'
import { momentum } from './momentum.ts'
import { nonIid } from './non-iid.ts'

/** The lessons of the lab, in the order in which they build on each other. */
export const lessons: readonly Lesson[] = [
  gossip,
  nonIid,
  clientDrift,
  momentum,
  gradientTracking,
  compression,
  megabyte,
  misbehavingTabs,
].map(parseLesson)

export const findLesson = (id: string): Lesson | undefined => lessons.find((lesson) => lesson.id === id)
