export { fieldLabel, fieldUnit, optionLabel } from './labels.ts'
export { emptyText, spectralGapName, stageText } from './phrases.ts'
export { texts } from './texts.ts'
