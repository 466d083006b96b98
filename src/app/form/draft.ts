// The lead moved this to src/engine/form (the command line needs it too). Import from '../../engine/index.ts'; this file goes at integration.
export { activeFields, allFields, type CheckedDraft, checkDraft, type Draft, draftOf, toInput, valueOf } from '../../engine/index.ts'
