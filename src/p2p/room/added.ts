/** Puts a listener into a set; returns how to take it out. */
export function added<T>(set: Set<T>, item: T): () => void {
  set.add(item)
  return () => set.delete(item)
}
