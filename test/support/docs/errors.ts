/** docs/errors.md: every error code with its explanation and what to do, by area. */
import { ERROR_AREAS, ERROR_CODES } from '../../../compiler/diagnostics/codes.ts';
import { prose } from './markdown.ts';

const INTRODUCTION = `# Errors

An error of cnnc has a code. It is printed with the message, and a \`Diagnostic\` has it as \`code\`, for programs. A code keeps its
meaning in later versions.

An error without a code is a bug of cnnc. Please report it with the lines that it prints.`;

export function errorsPage(): string {
  const codes = Object.entries(ERROR_CODES);
  const areas = Object.entries(ERROR_AREAS).map(([digit, area]) => {
    const ofArea = codes.filter(([code]) => code.startsWith(`CNNC${digit}`));
    // The heading is the code alone, so that its anchor is the code.
    const sections = ofArea.map(
      ([code, { title, explanation, fix }]) =>
        `### ${code}\n\n**${prose(title)}.** ${prose(explanation)}\n\n_What to do:_ ${prose(fix)}`,
    );
    return [`## ${prose(area)}`, ...sections].join('\n\n');
  });
  return [INTRODUCTION, ...areas].join('\n\n') + '\n';
}
