/** A binary heap. `pop` returns the first entry by `isBefore`, and any of several equal ones. */
export interface Heap<T> {
  push(item: T): void;
  pop(): T | undefined;
}

export function createHeap<T>(isBefore: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];
  const swap = (i: number, j: number): void => void ([items[i], items[j]] = [items[j]!, items[i]!]);
  const goesBefore = (i: number, j: number): boolean => j < items.length && isBefore(items[j]!, items[i]!);
  return {
    push(item) {
      items.push(item);
      for (
        let at = items.length - 1;
        at > 0 && isBefore(items[at]!, items[(at - 1) >> 1]!);
        at = (at - 1) >> 1
      )
        swap(at, (at - 1) >> 1);
    },
    pop() {
      const [first] = items;
      const last = items.pop();
      if (items.length === 0) return first;
      items[0] = last!;
      for (let at = 0; ;) {
        let least = at;
        if (goesBefore(least, 2 * at + 1)) least = 2 * at + 1;
        if (goesBefore(least, 2 * at + 2)) least = 2 * at + 2;
        if (least === at) return first;
        swap(at, least);
        at = least;
      }
    },
  };
}
