/** Names in an exported model, each used once. */

/** Returns a free name and reserves it: `conv1`, then `conv1_2`. */
export type ClaimName = (name: string) => string;

export function createNames(reserved: readonly string[]): ClaimName {
  const taken = new Set(reserved);
  return (name) => {
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
    taken.add(free);
    return free;
  };
}
