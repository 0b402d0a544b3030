/**
 * Functions that WGSL lacks or guarantees with less precision than a network needs: its `sin` and `cos` may be off by
 * 2^-11, its `log` near 1 by 2^-21, its `tanh` by 1e-5, and its `pow` has no negative bases. A shader gets those that
 * it calls.
 */
export const HELPERS = {
  fromBits: `/** Returns infinities and NaN, which WGSL does not allow as constants. */
fn fromBits(bits: u32) -> f32 {
  return bitcast<f32>(bits);
}`,
  power: `/** x^y, also for negative x if y is an integer. */
fn power(x: f32, y: f32) -> f32 {
  if (y == 0.0) { return 1.0; }
  if (x == 0.0) { return select(0.0, exp2(-log2(x)), y < 0.0); }
  let magnitude = pow(abs(x), y);
  let isOdd = abs(y % 2.0) == 1.0;
  return select(magnitude, -magnitude, x < 0.0 && isOdd);
}`,
  logOnePlus: `/** log(1 + x). Near 0 by the series of the inverse hyperbolic tangent, because 1 + x rounds the digits of x away there. */
fn logOnePlus(x: f32) -> f32 {
  if (x > 0.5 || x < -0.25) { return log(1.0 + x); }
  let s = x / (2.0 + x);
  let q = s * s;
  return 2.0 * s * (1.0 + q * (0.33333333333 + q * (0.2 + q * (0.14285714286 + q * 0.11111111111))));
}`,
  hyperbolicTangent: `/** tanh(x): near 0 by Moshier's polynomial (Cephes), elsewhere by exp. From 10 on the result is 1 in f32. */
fn hyperbolicTangent(x: f32) -> f32 {
  let z = x * x;
  let p = (((-5.70498872745e-3 * z + 2.06390887954e-2) * z - 5.37397155531e-2) * z + 1.33314422036e-1) * z - 3.33332819422e-1;
  let far = 1.0 - 2.0 / (exp(2.0 * min(abs(x), 10.0)) + 1.0);
  return select(select(far, -far, x < 0.0), x + x * z * p, abs(x) < 0.625);
}`,
  quarterTurns: `/**
 * The sine of x plus a number of quarter turns: x = n pi / 2 + r with pi / 2 in three parts (Cody and Waite), and
 * Taylor's series for |r| <= pi / 4.
 */
fn quarterTurns(x: f32, moved: i32) -> f32 {
  let n = round(x * 0.6366197723675814);
  let r = ((x - n * 1.5703125) - n * 4.8375129699707031e-4) - n * 7.5497899548918822e-8;
  let turns = i32(n) + moved;
  let s = r * r;
  let odd = r + r * s * (-1.6666666667e-1 + s * (8.3333333333e-3 + s * (-1.984126984e-4 + s * 2.7557319e-6)));
  let even = 1.0 + s * (-0.5 + s * (4.1666666667e-2 + s * (-1.3888888889e-3 + s * 2.48015873e-5)));
  let value = select(odd, even, (turns & 1) == 1);
  return select(value, -value, (turns & 2) == 2);
}`,
  sine: `fn sine(x: f32) -> f32 {
  return quarterTurns(x, 0);
}`,
  cosine: `fn cosine(x: f32) -> f32 {
  return quarterTurns(x, 1);
}`,
} as const;

export type Helper = keyof typeof HELPERS;

const CALLS: Partial<Record<Helper, Helper>> = { sine: 'quarterTurns', cosine: 'quarterTurns' };

/** The text of the functions and of those that they call, in the table's order. */
export function helperText(used: ReadonlySet<Helper>): string[] {
  const wanted = new Set([...used].flatMap((name) => [CALLS[name] ?? name, name]));
  return (Object.keys(HELPERS) as Helper[]).flatMap((name) => (wanted.has(name) ? [HELPERS[name], ''] : []));
}
