// What answers to the self-assessment come to. Levels are steps in words: an average of them is only
// ever shown beside what it hides. `themes`: [{id, title, statements: [id, …]}].
import { UNSURE } from "./assess-file.js";

const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

function counted(given) {
  const levels = given.filter((level) => typeof level === "number");
  return {
    counts: [1, 2, 3, 4].map((level) => levels.filter((one) => one === level).length),
    unsure: given.filter((level) => level === UNSURE).length,
    answered: levels.length,
    mean: levels.length ? mean(levels) : null,
    low: levels.length ? Math.min(...levels) : null,
    high: levels.length ? Math.max(...levels) : null,
  };
}

const level = (answers, name) => answers.answers[name]?.level ?? null;

// Of each theme, over the answers of one person or of several.
export const byTheme = (people, themes) =>
  themes.map(({ id, title, statements }) => {
    const given = people.flatMap((one) => statements.map((name) => level(one, name)));
    return { id, title, ...counted(given), open: given.filter((one) => one === null).length };
  });

// How many levels two people are apart, averaged over all pairs; nothing for fewer than two.
export function apart(levels) {
  const gaps = levels.flatMap((one, index) => levels.slice(index + 1).map((other) => Math.abs(one - other)));
  return gaps.length ? mean(gaps) : null;
}

// Every statement over several people, the one they differ on most first; then where most are not
// sure, then the lowest.
export function byStatement(people, themes) {
  const made = themes.flatMap(({ title, statements }) =>
    statements.map((name) => {
      const given = people.map((one) => level(one, name));
      const levels = given.filter((one) => typeof one === "number");
      const notes = people.map((one) => one.answers[name]?.note?.trim()).filter(Boolean);
      return { name, theme: title, ...counted(given), apart: apart(levels), notes };
    }),
  );
  return made.sort((a, b) => (b.apart ?? -1) - (a.apart ?? -1) || b.unsure - a.unsure || (a.mean ?? 9) - (b.mean ?? 9));
}

// The statements to do something about: the lowest level first, and after it what nobody could say.
const RANK = { 1: 0, [UNSURE]: 1, 2: 2, 3: 3, 4: 4 };
export function inOrder(answers, themes) {
  const names = themes.flatMap(({ statements }) => statements).filter((name) => level(answers, name) !== null);
  const made = names.map((name, index) => ({ name, level: level(answers, name), index }));
  return made.sort((a, b) => RANK[a.level] - RANK[b.level] || a.index - b.index);
}
