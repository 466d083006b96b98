/** Rows of numbers kept column by column in typed arrays that grow by doubling. */
export class ColumnTable<Name extends string> {
  private columns: Record<Name, Float64Array>
  private capacity = 256
  length = 0

  constructor(private readonly names: readonly Name[]) {
    this.columns = Object.fromEntries(names.map((name) => [name, new Float64Array(this.capacity)])) as Record<Name, Float64Array>
  }

  /** Appends a row. Events that crossed a wire as JSON have null where a number was not finite: that is NaN again here. */
  push(row: Record<Name, number>): void {
    if (this.length === this.capacity) this.grow()
    for (const name of this.names) this.columns[name][this.length] = row[name] ?? Number.NaN
    this.length++
  }

  at(row: number, name: Name): number {
    return this.columns[name][row]
  }

  /** The values of a column; not to be kept, for it grows elsewhere. */
  column(name: Name): Float64Array {
    return this.columns[name].subarray(0, this.length)
  }

  increase(row: number, name: Name, by: number): void {
    this.columns[name][row] += by ?? Number.NaN
  }

  /** The last value of a column; NaN in an empty table. */
  last(name: Name): number {
    return this.length === 0 ? Number.NaN : this.columns[name][this.length - 1]
  }

  row(index: number): Record<Name, number> {
    // A replay asks for every row of a run: fromEntries takes five times as long.
    const row = {} as Record<Name, number>
    for (const name of this.names) row[name] = this.columns[name][index]
    return row
  }

  /** Row whose value in an ascending column is `value`; -1 without one. */
  find(name: Name, value: number): number {
    const column = this.columns[name]
    let low = 0
    let high = this.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      if (column[middle] === value) return middle
      if (column[middle] < value) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  /** A table of its own with the first rows. */
  first(rows: number): ColumnTable<Name> {
    const part = new ColumnTable(this.names)
    part.length = rows
    while (part.capacity < rows) part.capacity *= 2
    for (const name of this.names) {
      part.columns[name] = new Float64Array(part.capacity)
      part.columns[name].set(this.columns[name].subarray(0, rows))
    }
    return part
  }

  private grow(): void {
    this.capacity *= 2
    for (const name of this.names) {
      const wider = new Float64Array(this.capacity)
      wider.set(this.columns[name])
      this.columns[name] = wider
    }
  }
}
