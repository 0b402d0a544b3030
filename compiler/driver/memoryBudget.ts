/**
 * `--max-memory`: chooses the values that a training step computes twice so that its arena fits. Candidates go
 * through the real lowering and the real memory plan, so the package keeps the promise.
 */
import { dropped, movesOf, type Move } from '../autodiff/recompute/moves.ts';
import { forwardPass } from '../autodiff/recompute/segments.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { formatBytes } from '../program/bytes.ts';

/** The cost of a training step that computes some values again in its backward pass. */
export interface Attempt {
  readonly dropped: ReadonlySet<ValueId>;
  readonly arenaBytes: number;
  readonly multiplyAdds: number;
}

export type TryOut = (dropped: ReadonlySet<ValueId>) => Attempt;

export interface Budget {
  readonly bytes: number;
  /** The model's name, for messages. */
  readonly name: string;
}

/**
 * Saved bytes of a segment, as fractions 1/n of all saved bytes. Long segments keep fewer values, short ones need
 * less memory at a time.
 */
const PARTS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** How many segmentations are examined closely: those that need the least memory. */
const CLOSELY = 2;

/** How many prefixes of a list of moves are tried if all moves together do not fit. */
const STEPS = 8;

/** Returns the cheapest attempt that fits. The first attempt is the step without recomputation. */
export function fitMemory(
  graph: Graph,
  isForward: (node: Node) => boolean,
  { bytes, name }: Budget,
  tryOut: TryOut,
): Attempt {
  const asItIs = tryOut(new Set());
  if (asItIs.arenaBytes <= bytes) return asItIs;
  const plans = plansFor(graph, isForward)
    .map((moves) => ({ moves, all: tryOut(dropped(moves)) }))
    .sort((a, b) => a.all.arenaBytes - b.all.arenaBytes);
  const fitting = plans.filter(({ all }) => all.arenaBytes <= bytes);
  const found =
    fitting.length > 0
      ? fitting.slice(0, CLOSELY).map(({ moves, all }) => fewestMoves(moves, all, bytes, tryOut))
      : plans.slice(0, CLOSELY).flatMap(({ moves, all }) => [all, ...beginnings(moves, tryOut)]);
  const enough = found.filter(({ arenaBytes }) => arenaBytes <= bytes);
  if (enough.length === 0) return refuse(name, bytes, [asItIs, ...found]);
  return enough.reduce((best, one) => (one.multiplyAdds < best.multiplyAdds ? one : best));
}

/**
 * Tries prefixes too, because all moves are not always best: a segment that is recomputed in one piece may be the
 * peak.
 */
const beginnings = (moves: readonly Move[], tryOut: TryOut): Attempt[] =>
  Array.from({ length: STEPS - 1 }, (_, i) =>
    tryOut(dropped(moves.slice(0, Math.round(((i + 1) * moves.length) / STEPS)))),
  );

/**
 * What recomputation would trade: the step without it, then attempts with less and less memory and more arithmetic.
 */
export function tradeOffs(graph: Graph, isForward: (node: Node) => boolean, tryOut: TryOut): Attempt[] {
  const plans = plansFor(graph, isForward)
    .map((moves) => ({ moves, all: tryOut(dropped(moves)) }))
    .sort((a, b) => a.all.arenaBytes - b.all.arenaBytes);
  const found = plans.slice(0, 1).flatMap(({ moves, all }) => [all, ...beginnings(moves, tryOut)]);
  const byCost = [tryOut(new Set()), ...found].sort((a, b) => a.multiplyAdds - b.multiplyAdds);
  return byCost.filter((one, i) => byCost.slice(0, i).every(({ arenaBytes }) => one.arenaBytes < arenaBytes));
}

/** Lists of moves, one for each way to cut the forward pass into segments. */
function plansFor(graph: Graph, isForward: (node: Node) => boolean): Move[][] {
  const pass = forwardPass(graph, isForward);
  const all = [...pass.saved].reduce((sum, value) => sum + pass.bytesOf(value), 0);
  const known = new Map<string, Move[]>();
  for (const parts of PARTS) {
    const moves = movesOf(pass, all / parts);
    known.set(moves.map((move) => [...move.dropped].join()).join(';'), moves);
  }
  return [...known.values()].filter((moves) => moves.length > 0);
}

/** The shortest prefix of the list that fits. More moves need less memory, at least approximately. */
function fewestMoves(moves: readonly Move[], all: Attempt, bytes: number, tryOut: TryOut): Attempt {
  let [tooFew, enough, best] = [0, moves.length, all];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    const attempt = tryOut(dropped(moves.slice(0, middle)));
    if (attempt.arenaBytes <= bytes) [enough, best] = [middle, attempt];
    else tooFew = middle;
  }
  return best;
}

function refuse(name: string, bytes: number, attempts: readonly Attempt[]): never {
  const least = attempts.reduce((best, one) => (one.arenaBytes < best.arenaBytes ? one : best));
  const [asItIs] = attempts;
  return fail(
    'CNNC7003',
    '--max-memory',
    { path: name },
    `a training step does not fit into ${formatBytes(bytes)}; the minimum is ${formatBytes(least.arenaBytes)}`,
    [
      `without recomputation it needs ${formatBytes(asItIs!.arenaBytes)}`,
      'a smaller --batch needs less memory, and so do --micro-batches',
    ],
  );
}
