/**
 * The inverse of the standard normal distribution function: M. J. Wichura, "Algorithm AS 241: The Percentage Points
 * of the Normal Distribution", Applied Statistics 37, 1988 (PPND16, relative error about 1e-16). It uses only +, -,
 * *, / and square roots, for the logarithm too, because these round the same on every machine.
 */
const CENTRE = {
  numerator: [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  denominator: [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
    39307.89580009271061, 28729.085735721942674, 5226.495278852545925,
  ],
};

const NEAR_TAIL = {
  numerator: [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  denominator: [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
    0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
};

const FAR_TAIL = {
  numerator: [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  denominator: [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
};

type Ratio = typeof CENTRE;

/** Evaluates both polynomials at r by Horner's rule and divides. */
function ratio({ numerator: n, denominator: d }: Ratio, r: number): number {
  const above =
    ((((((n[7]! * r + n[6]!) * r + n[5]!) * r + n[4]!) * r + n[3]!) * r + n[2]!) * r + n[1]!) * r + n[0]!;
  const below =
    ((((((d[7]! * r + d[6]!) * r + d[5]!) * r + d[4]!) * r + d[3]!) * r + d[2]!) * r + d[1]!) * r + d[0]!;
  return above / below;
}

/** The quantile of (k + 1/2) / 2^24, for whole k from 0 to 2^24 - 1. */
export function normalQuantile(k: number): number {
  const q = (k + 0.5) / 2 ** 24 - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const fromEnd = q < 0 ? k : 2 ** 24 - 1 - k;
  // The tail's probability is (2 k + 1) / 2^25.
  const r = Math.sqrt(25 * Math.LN2 - naturalLog(2 * fromEnd + 1));
  const magnitude = r <= 5 ? ratio(NEAR_TAIL, r - 1.6) : ratio(FAR_TAIL, r - 5);
  return q < 0 ? -magnitude : magnitude;
}

/**
 * The natural logarithm of a whole number from 1 to below 2^31: 2 artanh((m - 1) / (m + 1)) of the mantissa, plus the
 * exponent's part.
 */
function naturalLog(value: number): number {
  const exponent = 31 - Math.clz32(value);
  const mantissa = value / 2 ** exponent;
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let odd = 31; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return 2 * s * sum + exponent * Math.LN2;
}
