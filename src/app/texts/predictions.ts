import { formatCount } from '../format.ts'

export const predictions = {
  predictions: {
    title: 'Predictions',
    help: 'What this worker’s model and the averaged model take test pictures for, and some of the pictures that the worker learns from.',
    empty: 'Test pictures, and what the models take them for, appear here when a run starts.',
    emptyWatching: 'This tab takes no part in the run: pictures and predictions stay with the workers that make them.',
    emptyRecording:
      'No pictures or predictions are kept with this recording: they stay in the browser whose workers made them, and are in no metrics file.',
    whose: 'Whose predictions',
    after: (step: number) => `after step ${formatCount(step)}`,
    noneYet: 'no evaluation yet',
    averaged: 'the averaged model',
    averagedShort: 'avg',
    strip: 'Test pictures',
    stripUnit: 'the same for all workers',
    stripHelp:
      'Pictures that no worker trains on. Below each: what this worker’s model says, then the averaged model, and how sure each is; ✓ is right, ✗ is wrong.',
    picture: (name: string) => `picture of class ${name}`,
    right: 'right',
    wrong: 'wrong',
    verdict: (whose: string, name: string, sure: string, right: boolean) => `${whose}: ${name}, ${sure} sure, ${right ? 'right' : 'wrong'}`,
    confusion: 'Confusion matrix',
    confusionOf: 'Whose confusion matrix',
    confusionHelp:
      'Each row is the test pictures of one class; the columns are what the model takes them for. On the diagonal it is right; a dark cell elsewhere is a mistake that it makes often.',
    matrix: 'Test pictures by actual and predicted class; arrow keys go from cell to cell',
    map: 'map of a matrix',
    takenForAxis: 'said →',
    actualAxis: 'actual ↓',
    mapAxes: 'Rows: what the pictures are. Columns: what the model takes them for.',
    cell: (count: string, total: string, actual: string, predicted: string) =>
      actual === predicted
        ? `${count} of ${total} of class ${actual} are seen as that`
        : `${count} of ${total} of class ${actual} are taken for ${predicted}`,
    cellHint: 'Point at a cell, or go from cell to cell with the arrow keys.',
    mistakes: 'Most frequent mistakes',
    noMistakes: 'None at all.',
    takenFor: 'taken for',
    of: (count: string, total: string) => `${count} of ${total}`,
    own: (name: string) => `Pictures of ${name}`,
    ownUnit: (count: number, total: string) => `${count} of ${total}, picked at random`,
    ownHelp: 'Some of the pictures that this worker trains on, with their labels. They never leave its tab.',
  },
} as const
