/**
 * Who touches what while a grid is interpreted. Nothing orders invocations but a barrier, and that only within their
 * workgroup and for its memory: an element that one of them writes is no other's business in the whole call, in memory of
 * the workgroup until the next barrier. Two views of one ArrayBuffer (a result in the place of an operand) are one memory.
 */

/** Nobody yet; several. */
const [NOBODY, MANY] = [-1, -2];

interface Touched {
  readonly writers: Int32Array;
  readonly readers: Int32Array;
}

export interface RaceWatch {
  /** From here on it is this one that touches. */
  begin(invocation: number): void;
  /** Of the workgroup that runs, or behind it. */
  barrier(): void;
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
  const touchedIn = ({ buffer: memory, BYTES_PER_ELEMENT }: View): Touched => {
    const length = memory.byteLength / BYTES_PER_ELEMENT;
    const known = touched.get(memory) ?? {
      writers: new Int32Array(length).fill(NOBODY),
      readers: new Int32Array(length).fill(NOBODY),
    };
    touched.set(memory, known);
    return known;
  };
  const isOther = (one: number): boolean => one !== NOBODY && one !== current;
  return {
    begin(invocation) {
      current = invocation;
    },
    barrier() {
      for (const memory of shared) touched.delete(memory);
    },
    touch(name, view, index, access) {
      const { writers, readers } = touchedIn(view);
      const at = view.byteOffset / view.BYTES_PER_ELEMENT + index;
      const isRace = isOther(writers[at]!) || (access === 'write' && isOther(readers[at]!));
      if (isRace) throw new Error(`kernel ${kernel}: two invocations meet at ${name}[${index}]`);
      if (access === 'write') writers[at] = current;
      else readers[at] = isOther(readers[at]!) ? MANY : current;
    },
  };
}
