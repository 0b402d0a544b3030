/**
 * Choices as numbers. A network is a list of them, so that fast-check shrinks it by leaving layers out and by making
 * numbers smaller. The first alternative of every choice is therefore the simplest.
 */
export interface Picks {
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  of<T>(alternatives: readonly T[]): T;
  /** Each of two in turn: height and width. */
  pair(alternatives: readonly number[]): [number, number];
}

/** Where the numbers end the plainest is taken. */
export function createPicks(numbers: readonly number[]): Picks {
  let at = 0;
  const below = (n: number): number => (numbers[at++] ?? 0) % n;
  const of = <T>(alternatives: readonly T[]): T => alternatives[below(alternatives.length)]!;
  return { below, of, pair: (alternatives) => [of(alternatives), of(alternatives)] };
}
