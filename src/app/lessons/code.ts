import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate'
import { type Lesson, LessonError, type LessonInput, parseLesson } from './schema.ts'

/** Longer links are cut by mail programs and QR codes cannot hold them; a lesson of eight steps takes about 2,000. */
export const MAX_CODE = 12_000

/** The lesson as text for the fragment of a link: JSON, deflated, base64url. The fragment is never sent to a server. */
export function encodeLesson(lesson: LessonInput): string {
  const bytes = deflateSync(strToU8(JSON.stringify(lesson)), { level: 9 })
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

/** The lesson of a link, which may come from anybody. Throws LessonError when it is none. */
export function decodeLesson(code: string): Lesson {
  if (code.length > MAX_CODE) throw unreadable(`${code.length.toLocaleString('en-US')} characters`)
  let input: unknown
  try {
    const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'))
    input = JSON.parse(strFromU8(inflateSync(Uint8Array.from(binary, (character) => character.charCodeAt(0)))))
  } catch {
    throw unreadable(JSON.stringify(code.slice(0, 20)))
  }
  return parseLesson(input)
}

const unreadable = (what: string) =>
  new LessonError([
    {
      field: 'lesson',
      message: `got ${what}; expected what "Share as lesson" writes, whole, at most ${MAX_CODE.toLocaleString('en-US')} characters`,
    },
  ])
