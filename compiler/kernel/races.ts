/**
 * Checks accesses for races while a grid is interpreted. Only a barrier orders invocations, and only within their
 * workgroup and for the memory that it names. If one invocation writes an element of a buffer, other invocations may
 * use it only after a barrier for `storage`, and other workgroups not at all in the same call. In a workgroup's
 * memory they may use it after the next barrier. Two views of one ArrayBuffer (a result in the place of an operand)
 * are the same memory.
 */

/** No invocation yet; several of one workgroup; several of different workgroups. */
const [NOBODY, TEAM, MANY] = [-1, -2, -3];

/** The invocation that last wrote and last read each element, and the barriers between which that happened. */
interface Touched {
  readonly writers: Int32Array;
  readonly readers: Int32Array;
  readonly written: Int32Array;
  readonly read: Int32Array;
}

export interface RaceWatch {
  /** Starts the next workgroup. */
  workgroup(): void;
  /** Sets the invocation that accesses from now on. */
  begin(invocation: number): void;
  /** Notes a barrier of the current workgroup, for its own memory or for buffers. */
  barrier(memory: 'workgroup' | 'storage'): void;
  /** Notes an access. Throws if another invocation has accessed the element. */
  touch(name: string, view: View, index: number, access: 'read' | 'write'): void;
}

interface View {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly BYTES_PER_ELEMENT: number;
}

/** Creates the check. `shared` are the memories of a workgroup. */
export function watchRaces(kernel: string, shared: ReadonlySet<ArrayBufferLike>): RaceWatch {
  const touched = new Map<ArrayBufferLike, Touched>();
  let current = NOBODY;
  /**
   * `phase` counts the barriers of all workgroups, which run one after the other; `first` is where the current
   * workgroup's begin.
   */
  let [phase, first] = [0, 0];
  const touchedIn = ({ buffer: memory, BYTES_PER_ELEMENT }: View): Touched => {
    const known = touched.get(memory) ?? untouched(memory.byteLength / BYTES_PER_ELEMENT);
    touched.set(memory, known);
    return known;
  };
  /** Whether the access was before a barrier of the current workgroup. */
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
