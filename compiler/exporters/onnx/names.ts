/** The names that are taken in an exported model. */

/** Returns a name that is not taken yet, and takes it: `conv1`, then `conv1_2`. */
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
