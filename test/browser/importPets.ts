/**
 * Imports an ONNX file in Node and in a page. A package names the program that has imported its model, so that this is one
 * file in both.
 */
export async function importPets<Result>(importing: () => Promise<Result>): Promise<Result> {
  return await importing();
}
