/** A function of `math/`. */
export interface MathFunction {
  /** A function in WebAssembly's text, under the table's name. */
  readonly text: string;
  readonly calls?: readonly string[];
}

/** A function of one number by that of four. */
export const byVector = (op: string): MathFunction => ({
  text: `
(func $${op}_f32 (param $x f32) (result f32)
  (f32x4.extract_lane 0 (call $${op}_f32x4 (f32x4.splat (local.get $x)))))`,
  calls: [`${op}_f32x4`],
});

/** A function of four numbers, one after the other. */
export const byLanes = (op: string): MathFunction => ({
  text: `
(func $${op}_f32x4 (param $x v128) (result v128)
  (f32x4.replace_lane 3
    (f32x4.replace_lane 2
      (f32x4.replace_lane 1
        (f32x4.splat (call $${op}_f32 (f32x4.extract_lane 0 (local.get $x))))
        (call $${op}_f32 (f32x4.extract_lane 1 (local.get $x))))
      (call $${op}_f32 (f32x4.extract_lane 2 (local.get $x))))
    (call $${op}_f32 (f32x4.extract_lane 3 (local.get $x)))))`,
  calls: [`${op}_f32`],
});

/** The same of two operands. */
export const byLanesOfTwo = (op: string): MathFunction => ({
  text: `
(func $${op}_f32x4 (param $x v128) (param $y v128) (result v128)
  (f32x4.replace_lane 3
    (f32x4.replace_lane 2
      (f32x4.replace_lane 1
        (f32x4.splat
          (call $${op}_f32 (f32x4.extract_lane 0 (local.get $x)) (f32x4.extract_lane 0 (local.get $y))))
        (call $${op}_f32 (f32x4.extract_lane 1 (local.get $x)) (f32x4.extract_lane 1 (local.get $y))))
      (call $${op}_f32 (f32x4.extract_lane 2 (local.get $x)) (f32x4.extract_lane 2 (local.get $y))))
    (call $${op}_f32 (f32x4.extract_lane 3 (local.get $x)) (f32x4.extract_lane 3 (local.get $y)))))`,
  calls: [`${op}_f32`],
});
