import { z } from 'zod'

/** A number that may be none: JSON has no NaN and no infinity, so both travel as null, and are read as NaN. */
export const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN)
