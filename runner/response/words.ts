/** The words of a command as a shell would read them: without the program itself, and what is in quotes together. */
export function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
  return words[0] === 'firedrill' || words[0] === './firedrill' ? words.slice(1) : words;
}
