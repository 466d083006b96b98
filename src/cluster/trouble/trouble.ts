/** What goes wrong at one worker, on purpose. It costs time and changes no number. */
export interface Trouble {
  /** every gradient takes so much longer, in milliseconds */
  slowMs: number
  /** chance of a message that it sends to be lost, and sent again after a timeout; below 1 */
  lossRate: number
}

export const noTrouble: Trouble = { slowMs: 0, lossRate: 0 }
