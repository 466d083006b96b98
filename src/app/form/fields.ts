// The lead moved this to src/engine/form (the command line needs it too). Import from '../../engine/index.ts'; this file goes at integration.
export { describeRange, type FieldSpec, fieldsOf, type NumberRange, runFields } from '../../engine/index.ts'
