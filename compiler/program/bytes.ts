/** All element types have four bytes. */
export const BYTES_PER_ELEMENT = 4;

/** `1.5 MB`, `324 B`: decimal units, three digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** `1.81 G`, `416 k`: numbers of multiply-adds or parameters. */
export function formatCount(count: number): string {
  const units = ['', 'k', 'M', 'G', 'T'];
  let [value, unit] = [count, 0];
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return unit === 0 ? String(value) : `${value.toPrecision(3)} ${units[unit]}`;
}
