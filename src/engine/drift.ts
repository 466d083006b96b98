interface Models {
  own: Float32Array
  mean: Float32Array
  /** of how many workers it is the mean */
  size: number
}

/** How far a worker goes its own way: the cosine between its update and the mean update, from one evaluation to the next. Keeps two models. */
export class Drift {
  private before: Models | null = null

  /**
   * The model of this worker and the mean of all `size`; both are kept and must not change. Null where there is nothing to compare: at
   * first, when there were others in the mean, and where one of the updates is zero.
   */
  next(own: Float32Array, mean: Float32Array, size: number): number | null {
    const { before } = this
    this.before = { own, mean, size }
    if (before?.size !== size) return null
    let [product, ownSquared, meanSquared] = [0, 0, 0]
    for (let i = 0; i < own.length; i++) {
      const update = own[i] - before.own[i]
      const meanUpdate = mean[i] - before.mean[i]
      product += update * meanUpdate
      ownSquared += update * update
      meanSquared += meanUpdate * meanUpdate
    }
    const norms = Math.sqrt(ownSquared) * Math.sqrt(meanSquared)
    return norms > 0 ? product / norms : null
  }
}
