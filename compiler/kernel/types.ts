/**
 * The kernel language: what a kernel does, before any target's spelling of it. A kernel reads and writes
 * flat buffers whose lengths are constants; every loop has constant or computed integer bounds. It knows
 * neither graphs nor layouts: indices are plain numbers of elements.
 *
 * `f32` arithmetic may be carried out in higher precision (JavaScript does, in f64); a store into an f32
 * buffer rounds. `i32` is for indices and labels and never overflows; `u32` wraps around.
 */
export type ScalarType = 'f32' | 'i32' | 'u32' | 'bool';
/** `boolx4` is a mask: one truth a lane, from comparing two `f32x4`. It lives in registers only. */
export type Type = ScalarType | 'f32x4' | 'boolx4';
/** What a buffer's elements are. */
export type ElementType = 'f32' | 'i32' | 'u32';

export type UnaryOp =
  'neg' | 'abs' | 'sqrt' | 'exp' | 'log' | 'tanh' | 'sin' | 'cos' | 'floor' | 'ceil' | 'roundEven' | 'not';

export type ArithmeticOp = 'add' | 'sub' | 'mul' | 'div' | 'rem' | 'min' | 'max' | 'pow';
export type BitOp = 'and' | 'or' | 'xor' | 'shl' | 'shr';
export type CompareOp = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne';
/** `and` and `or` on `bool` are the logical ones, short-circuiting; on `boolx4` they go lane by lane. */
export type BinaryOp = ArithmeticOp | BitOp | CompareOp;

export type ReduceOp = 'add' | 'max' | 'min';
export type ReducedType = 'f32' | 'f32x4';

export type Expr =
  | { readonly kind: 'const'; readonly type: ScalarType; readonly value: number }
  | { readonly kind: 'var'; readonly type: Type; readonly name: string }
  /** An `f32x4` load reads four consecutive elements. */
  | { readonly kind: 'load'; readonly type: Type; readonly buffer: string; readonly index: Expr }
  | { readonly kind: 'unary'; readonly type: Type; readonly op: UnaryOp; readonly value: Expr }
  | {
      readonly kind: 'binary';
      readonly type: Type;
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly right: Expr;
    }
  /** a * b + c, in one rounding where the hardware has it. */
  | { readonly kind: 'fma'; readonly type: Type; readonly a: Expr; readonly b: Expr; readonly c: Expr }
  /** Under a `boolx4` chooses lane by lane, and both sides are computed. */
  | {
      readonly kind: 'select';
      readonly type: Type;
      readonly condition: Expr;
      readonly then: Expr;
      readonly otherwise: Expr;
    }
  /** f32 to i32 truncates toward zero; i32 to u32 and back keeps the bits. */
  | { readonly kind: 'cast'; readonly type: ScalarType; readonly value: Expr }
  | { readonly kind: 'splat'; readonly type: 'f32x4'; readonly value: Expr }
  /** Four `f32`, lane 0 first. */
  | { readonly kind: 'vector'; readonly type: 'f32x4'; readonly values: readonly [Expr, Expr, Expr, Expr] }
  | { readonly kind: 'lane'; readonly type: 'f32'; readonly vector: Expr; readonly lane: 0 | 1 | 2 | 3 };

export type Statement =
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly from: Expr;
      /** Exclusive. */
      readonly to: Expr;
      readonly step: number;
      readonly body: readonly Statement[];
      /** No iteration depends on another: a target may run them in any order, in lanes or invocations. */
      readonly independent: boolean;
      /** Its body is to be a function of its own (WebAssembly). */
      readonly isOutlined?: true;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expr;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly type: Type;
      readonly value: Expr;
      readonly mutable: boolean;
    }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'store'; readonly buffer: string; readonly index: Expr; readonly value: Expr }
  /**
   * All invocations of a workgroup reach this point before any goes on (WGSL; nothing elsewhere). It orders what they do
   * to the workgroup's memory, or, with `memory`, to buffers.
   */
  | { readonly kind: 'barrier'; readonly memory?: 'storage' }
  /**
   * The values of all invocations of a workgroup as one, in each of them the same; lane by lane of vectors. A barrier
   * for the workgroup's memory is in it. WGSL only.
   */
  | {
      readonly kind: 'reduce';
      readonly name: string;
      readonly type: ReducedType;
      readonly op: ReduceOp;
      readonly value: Expr;
    }
  | { readonly kind: 'comment'; readonly text: string }
  /**
   * Names declared inside end with it. The comment says what the block is for. With a grid it is one for many invocations
   * (WGSL), and stands in no loop and no branch.
   */
  | {
      readonly kind: 'block';
      readonly comment: string;
      readonly body: readonly Statement[];
      readonly grid?: Grid;
    };

export interface KernelBuffer {
  readonly name: string;
  readonly element: ElementType;
  /** In elements; a kernel touches nothing at or beyond it. */
  readonly length: number;
  /** A `workspace` is the kernel's own: nothing that is in it before a call or behind it counts. */
  readonly access: 'read' | 'write' | 'readWrite' | 'workspace';
}

/**
 * Many invocations of a body, in workgroups: each finds its own numbers in the i32 variables `workgroup` and
 * `invocation` (grid.ts). Workgroups know nothing of each other; the invocations of one meet at barriers, which all of
 * them reach or none does.
 */
export interface Grid {
  readonly workgroups: number;
  /** Of one workgroup. */
  readonly invocations: number;
  /** f32 memory of a workgroup. Nothing is in it at first. */
  readonly shared: readonly SharedMemory[];
}

export interface SharedMemory {
  readonly name: string;
  /** In elements. */
  readonly length: number;
  /** May hold f16 where the device has it and the user prefers speed: what is stored is rounded then. */
  readonly mayBeHalf?: boolean;
}

export interface Kernel {
  /** Named by meaning: `conv2d_3x3_s2_64to128_relu`. */
  readonly name: string;
  /** What it computes and by which schedule, for the emitted comment. */
  readonly comment: readonly string[];
  readonly buffers: readonly KernelBuffer[];
  /**
   * Strides of its buffers as products of extents, by their values: `{ 168: '28 * 6' }`. Printers write them so, where an
   * index is multiplied by one.
   */
  readonly strides?: Readonly<Record<number, string>>;
  /** Absent: the body runs once. */
  readonly grid?: Grid;
  readonly body: readonly Statement[];
}
