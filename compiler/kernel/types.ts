/**
 * The kernel language: what a kernel does, independent of a target's spelling. A kernel reads and writes flat buffers
 * whose lengths are constants. Every loop has constant or computed integer bounds. The language knows neither graphs
 * nor layouts: indices are plain numbers of elements.
 *
 * `f32` arithmetic may run in higher precision (in JavaScript it is f64). A store into an f32 buffer rounds. `i32` is
 * for indices and labels and never overflows. `u32` wraps around.
 */
export type ScalarType = 'f32' | 'i32' | 'u32' | 'bool';
/** `boolx4` is a mask with one truth value per lane, from comparing two `f32x4`. It exists only in registers. */
export type Type = ScalarType | 'f32x4' | 'boolx4';
/** The type of a buffer's elements. */
export type ElementType = 'f32' | 'i32' | 'u32';

export type UnaryOp =
  'neg' | 'abs' | 'sqrt' | 'exp' | 'log' | 'tanh' | 'sin' | 'cos' | 'floor' | 'ceil' | 'roundEven' | 'not';

export type ArithmeticOp = 'add' | 'sub' | 'mul' | 'div' | 'rem' | 'min' | 'max' | 'pow';
export type BitOp = 'and' | 'or' | 'xor' | 'shl' | 'shr';
export type CompareOp = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne';
/** On `bool`, `and` and `or` are logical and short-circuit. On `boolx4` they work lane by lane. */
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
  /** a * b + c, with one rounding if the hardware supports it. */
  | { readonly kind: 'fma'; readonly type: Type; readonly a: Expr; readonly b: Expr; readonly c: Expr }
  /** With a `boolx4` it chooses lane by lane, and both sides are computed. */
  | {
      readonly kind: 'select';
      readonly type: Type;
      readonly condition: Expr;
      readonly then: Expr;
      readonly otherwise: Expr;
    }
  /** f32 to i32 truncates toward zero. i32 to u32 and back keeps the bits. */
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
      /** The end, exclusive. */
      readonly to: Expr;
      readonly step: number;
      readonly body: readonly Statement[];
      /** No iteration depends on another. A target may run them in any order, in lanes or in invocations. */
      readonly independent: boolean;
      /** The body becomes a separate function (WebAssembly). */
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
   * All invocations of a workgroup reach this point before any of them continues (WGSL; no effect elsewhere). It
   * orders accesses to the workgroup's memory, or with `memory` to buffers.
   */
  | { readonly kind: 'barrier'; readonly memory?: 'storage' }
  /**
   * Combines the values of all invocations of a workgroup; each of them gets the result. Vectors are combined lane by
   * lane. It includes a barrier for the workgroup's memory. WGSL only.
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
   * A scope for the names declared inside. The comment says what the block is for. A block with a grid runs in many
   * invocations (WGSL), and is in no loop and no branch.
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
  /** Number of elements. A kernel never accesses an index from it on. */
  readonly length: number;
  /** A `workspace` is private to the kernel: its content before and after a call does not matter. */
  readonly access: 'read' | 'write' | 'readWrite' | 'workspace';
}

/**
 * Many invocations of a body, in workgroups. Each invocation has its numbers in the i32 variables `workgroup` and
 * `invocation` (grid.ts). Workgroups are independent of each other. The invocations of one workgroup synchronize at
 * barriers, which all of them reach or none does.
 */
export interface Grid {
  readonly workgroups: number;
  /** Number of invocations of one workgroup. */
  readonly invocations: number;
  /** f32 memory of a workgroup, undefined at first. */
  readonly shared: readonly SharedMemory[];
}

export interface SharedMemory {
  readonly name: string;
  /** Number of elements. */
  readonly length: number;
  /** May hold f16 if the device supports it and the user prefers speed. Stores then round. */
  readonly mayBeHalf?: boolean;
}

export interface Kernel {
  /** Name by meaning: `conv2d_3x3_s2_64to128_relu`. */
  readonly name: string;
  /** What it computes and by which schedule, for the emitted comment. */
  readonly comment: readonly string[];
  readonly buffers: readonly KernelBuffer[];
  /**
   * Strides of its buffers as products of extents, by value: `{ 168: '28 * 6' }`. Printers write them this way where
   * an index is multiplied by one of them.
   */
  readonly strides?: Readonly<Record<number, string>>;
  /** The grid. Without one the body runs once. */
  readonly grid?: Grid;
  /** An i32 argument after the buffers, from 1 to `most`: the number of images. */
  readonly count?: { readonly name: string; readonly most: number };
  readonly body: readonly Statement[];
}
