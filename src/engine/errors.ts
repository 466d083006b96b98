/** Something the user can mend: the message says what came, what was expected and what to do. */
export class LabError extends Error {
  constructor(
    readonly kind: 'partition' | 'topology' | 'batch' | 'dataset' | 'backend' | 'model' | 'reference' | 'diverged',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
