/**
 * Who touches what while a grid is interpreted. Nothing orders invocations but a barrier, and that only within their
 * workgroup and for the memory that it names: an element of a buffer that one of them writes is no other's business until
 * a barrier of `storage`, and in the whole call none of another workgroup's; in memory of the workgroup until the next
 * barrier. Two views of one ArrayBuffer (a result in the place of an operand) are one memory.
 */

/** Nobody yet; several of one workgroup; of several. */
const [NOBODY, TEAM, MANY] = [-1, -2, -3];

/** Of an element: who has last written and read it, and between which barriers that was. */
interface Touched {
  readonly writers: Int32Array;
  readonly readers: Int32Array;
  readonly written: Int32Array;
  readonly read: Int32Array;
}

export interface RaceWatch {
  /** The next workgroup starts. */
  workgroup(): void;
  /** From here on it is this one that touches. */
  begin(invocation: number): void;
  /** Of the workgroup that runs, or behind it. */
  barrier(memory: 'workgroup' | 'storage'): void;
  /** Throws where another one was here. */
  touch(name: string, view: View, index: number, access: 'read' | 'write'): void;
}

interface View {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly BYTES_PER_ELEMENT: number;
}

/** `shared`: the memories of a workgroup. */
export function watchRaces(kernel: string, shared: ReadonlySet<ArrayBufferLike>): RaceWatch {
  const touched = new Map<ArrayBufferLike, Touched>();
  let current = NOBODY;
  /** Counts the barriers of all workgroups, which run one after the other, and where this one's begin. */
  let [phase, first] = [0, 0];
  const touchedIn = ({ buffer: memory, BYTES_PER_ELEMENT }: View): Touched => {
    const known = touched.get(memory) ?? untouched(memory.byteLength / BYTES_PER_ELEMENT);
    touched.set(memory, known);
    return known;
  };
  /** Behind a barrier that both have met. */
  const isBehind = (when: number, memory: ArrayBufferLike): boolean =>
    when >= first && when < phase && !shared.has(memory);
  return {
    workgroup() {
      first = ++phase;
      for (const memory of shared) touched.delete(memory);
    },
    begin(invocation) {
      current = invocation;
    },
    barrier(memory) {
      if (memory === 'storage') phase++;
      else for (const one of shared) touched.delete(one);
    },
    touch(name, view, index, access) {
      const { writers, readers, written, read } = touchedIn(view);
      const meets = (one: number, when: number): boolean =>
        one === MANY || (one !== NOBODY && one !== current && !isBehind(when, view.buffer));
      const readerOf = (before: number, when: number): number => {
        if (!meets(before, when)) return current;
        return before === MANY || when < first ? MANY : TEAM;
      };
      const at = view.byteOffset / view.BYTES_PER_ELEMENT + index;
      const isRace =
        meets(writers[at]!, written[at]!) || (access === 'write' && meets(readers[at]!, read[at]!));
      if (isRace) throw new Error(`kernel ${kernel}: two invocations meet at ${name}[${index}]`);
      if (access === 'write') writers[at] = current;
      else readers[at] = readerOf(readers[at]!, read[at]!);
      (access === 'write' ? written : read)[at] = phase;
    },
  };
}

const untouched = (length: number): Touched => ({
  writers: new Int32Array(length).fill(NOBODY),
  readers: new Int32Array(length).fill(NOBODY),
  written: new Int32Array(length),
  read: new Int32Array(length),
});
