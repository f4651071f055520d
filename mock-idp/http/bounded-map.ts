/** A map that forgets what was written or read least recently, by count and by weight: state that a client can make grow. */
export interface BoundedMap<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): void
  values(): IterableIterator<V>
}

export const boundedMap = <V>(limits: {
  maxEntries: number
  maxWeight?: number
  weigh?: (value: V) => number
}): BoundedMap<V> => {
  const { maxEntries, maxWeight = Number.POSITIVE_INFINITY, weigh = () => 0 } = limits
  const map = new Map<string, V>()
  let weight = 0
  const remove = (key: string): void => {
    const old = map.get(key)
    if (old === undefined) return
    weight -= weigh(old)
    map.delete(key)
  }
  return {
    get: (key) => {
      const value = map.get(key)
      if (value === undefined) return undefined
      map.delete(key)
      map.set(key, value)
      return value
    },
    set: (key, value) => {
      remove(key)
      map.set(key, value)
      weight += weigh(value)
      for (const oldest of map.keys()) {
        if (map.size <= maxEntries && weight <= maxWeight) break
        if (oldest !== key) remove(oldest)
      }
    },
    delete: remove,
    values: () => map.values(),
  }
}
