// What one person's answers come to: a sentence, bars with their spread, and a table.
import { byTheme } from "./assess-sums.js";
import { make } from "./picker.js";

export const listed = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
const several = (count, one, more) => (count === 1 ? `1 ${one}` : `${count} ${more}`);
const of = (number) => number.toFixed(1);

export function drawResults(place, { book, mine }) {
  const { themes, levels } = book;
  const found = byTheme([mine], themes);
  const known = found.filter(({ answered }) => answered);
  if (!known.length) {
    place.replaceChildren(make("p", { textContent: "There is nothing to show yet. Choose a level for some of the statements." }));
    return;
  }
  place.replaceChildren(
    make("p", { className: "assess-said", textContent: sentence(found, known, levels) }),
    bars(found, levels),
    table(found, levels),
    make("p", { className: "hint", textContent: "Levels are steps in words. An average is a pointer to where to look first, and no score to publish." }),
  );
}

function sentence(found, known, levels) {
  const sum = (name) => found.reduce((total, one) => total + one[name], 0);
  const parts = [`You chose a level for ${several(sum("answered"), "statement", "statements")}`];
  if (sum("unsure")) parts.push(`you are not sure of ${sum("unsure")}`);
  if (sum("open")) parts.push(`${several(sum("open"), "is", "are")} not answered`);
  const said = [`${listed(parts)}.`];
  if (known.length > 1) {
    const means = known.map(({ mean }) => mean);
    const [low, high] = [Math.min(...means), Math.max(...means)];
    const at = (mean) => listed(known.filter((one) => one.mean === mean).map(({ title }) => title));
    if (low < high) said.push(`Lowest on average: ${at(low)} (${of(low)}). Highest: ${at(high)} (${of(high)}).`);
  }
  const width = ({ low, high }) => high - low;
  const [widest, ...others] = [...known].sort((a, b) => width(b) - width(a));
  if (width(widest) && !others.some((one) => width(one) === width(widest))) {
    said.push(`Your answers lie furthest apart in ${widest.title}: from “${levels[widest.low - 1]}” to “${levels[widest.high - 1]}”.`);
  }
  return said.join(" ");
}

function spread({ answered, mean, low, high }, levels) {
  if (!answered) return "No level chosen";
  if (low === high) return `${of(mean)}: ${answered === 1 ? "one answer," : "all"} “${levels[low - 1]}”`;
  return `${of(mean)}: from “${levels[low - 1]}” to “${levels[high - 1]}”`;
}

// A bar to the average, and a line from the lowest level to the highest. All of it is said in words
// beside it, so whoever hears the page hears the words alone.
function bars(found, levels) {
  const figure = make("figure", { className: "assess-picture" });
  const caption = make("figcaption", {});
  caption.append(
    make("strong", { textContent: "Average level of each theme, and its spread" }),
    make("span", { textContent: `${levels.map((name, index) => `${index + 1} ${name}`).join(", ")}. The line reaches from the lowest answer to the highest.` }),
  );
  const list = make("dl", { className: "assess-bars" });
  for (const one of found) {
    const row = make("div", {});
    const drawn = make("dd", { className: "track" }, { "aria-hidden": "true" });
    if (one.answered) {
      const bar = make("span", { className: "bar-of" });
      bar.style.width = `${one.mean * 25}%`;
      const reach = make("span", { className: one.low === one.high ? "reach point" : "reach" });
      reach.style.left = `${one.low * 25}%`;
      reach.style.width = `${(one.high - one.low) * 25}%`;
      drawn.append(bar, reach);
    }
    row.append(make("dt", { textContent: one.title }), drawn, make("dd", { className: "number", textContent: spread(one, levels) }));
    list.append(row);
  }
  figure.append(caption, list);
  return figure;
}

export function cells(name, values) {
  const row = make("tr", {});
  row.append(make("th", { scope: "row", textContent: name }), ...values.map((value) => make("td", { textContent: value })));
  return row;
}

// A table that is folded away, and scrolls where it is wider than the screen.
export function folded(title, heads, rows) {
  const details = make("details", { className: "assess-table" });
  const scroll = make("div", { className: "scroll" }, { tabindex: "0", role: "region", "aria-label": title });
  const made = make("table", {});
  const head = make("thead", {});
  const line = make("tr", {});
  line.append(...heads.map((textContent) => make("th", { scope: "col", textContent })));
  head.append(line);
  const body = make("tbody", {});
  body.append(...rows);
  made.append(head, body);
  scroll.append(made);
  details.append(make("summary", { textContent: title }), scroll);
  return details;
}

function table(found, levels) {
  const rows = found.map((one) => cells(one.title, [...one.counts, one.unsure, one.open, one.mean === null ? "–" : of(one.mean)]));
  return folded("The same as a table", ["Theme", ...levels, "Not sure", "No answer", "Average"], rows);
}
