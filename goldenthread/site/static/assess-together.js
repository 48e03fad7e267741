// Several people's answers beside each other: how many chose each level, what they differ on most
// first. The files of others are looked at while the page is open, and kept nowhere.
import { isBlank } from "./assess-file.js";
import { byStatement, byTheme } from "./assess-sums.js";
import { cells, folded, listed } from "./assess-results.js";
import { printOnly } from "./guided.js";
import { make } from "./picker.js";

const FIRST = 10;
const one = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

// `open(file)` gives `{name, answers}`, or `{name, why}` it is refused.
export function mountTogether(place, { book, mine, open }) {
  const { themes, statements, levels, rules } = book;
  const files = new Map();
  const input = make("input", { type: "file", id: "assess-add", accept: ".json,application/json", multiple: true });
  const label = make("label", { htmlFor: input.id, textContent: "Add people’s files" });
  label.append(make("span", { className: "hint", textContent: "You can choose several at once. They stay on this device, and are forgotten when you leave the page." }));
  const field = make("p", { className: "guided-field" });
  field.append(label, input);
  const own = make("input", { type: "checkbox", id: "assess-own", checked: true, autocomplete: "off" });
  const counted = make("label", { className: "assess-own" });
  counted.append(own, " Count my own answers too");
  const said = make("p", { className: "guided-said" }, { role: "status" });
  const list = make("ul", { className: "assess-people" });
  const output = make("div", {});
  place.append(
    make("p", { textContent: "Each person answers alone and saves a file. Open them all here. What you differ on most comes first: talk about that." }),
    field,
    counted,
    said,
    list,
    output,
  );

  input.addEventListener("change", async () => {
    const found = await Promise.all([...input.files].map(open));
    input.value = "";
    const refused = found.filter(({ why }) => why);
    const good = found.filter(({ why }) => !why);
    for (const { name, answers } of good) {
      if (files.size >= rules.limits.files && !files.has(answers.id)) refused.push({ name, why: `there are ${rules.limits.files} files already` });
      // Whoever gives another file later has changed their mind: they are counted once.
      else files.set(answers.id, { name, answers });
    }
    const not = refused.map(({ name, why }) => `“${name}” was left out: ${why}.`);
    said.textContent = [`${one(files.size, "file")} open.`, ...not].join(" ");
    draw();
  });
  own.addEventListener("change", draw);

  function people() {
    const me = mine();
    const counts = own.checked && !isBlank(me);
    const others = [...files.values()].map(({ answers }) => answers).filter(({ id }) => !counts || id !== me.id);
    return counts ? [me, ...others] : others;
  }

  function draw() {
    counted.hidden = isBlank(mine());
    list.replaceChildren(...[...files].map(([id, { name, answers }]) => {
      const line = make("li", {});
      const off = make("button", { type: "button", className: "act", textContent: "Remove" }, { "aria-label": `Remove ${name}` });
      off.addEventListener("click", () => {
        files.delete(id);
        said.textContent = `“${name}” was removed. ${one(files.size, "file")} open.`;
        draw();
        input.focus({ preventScroll: true });
      });
      line.append(`${answers.label || name} `, off);
      return line;
    }));
    const all = people();
    if (all.length < 2) {
      const words = all.length ? "One person’s answers are here. Add those of others to see where you differ." : "No answers are here yet.";
      output.replaceChildren(make("p", { textContent: words }));
      return;
    }
    output.replaceChildren(...view(all));
  }

  const name = (index) => levels[index];

  function inWords({ counts, unsure }) {
    const parts = counts.map((count, index) => count && `${name(index)} ${count}`).filter(Boolean);
    if (unsure) parts.push(`not sure ${unsure}`);
    return parts.length ? `${parts.join(", ")}.` : "Nobody answered.";
  }

  // The words beside it say the same.
  function strip({ counts, unsure }) {
    const made = make("div", { className: "assess-strip" }, { "aria-hidden": "true" });
    [...counts, unsure].forEach((count, index) => {
      if (!count) return;
      const part = make("span", { className: index < levels.length ? `level-${index + 1}` : "unsure", textContent: String(count) });
      part.style.flexGrow = count;
      made.append(part);
    });
    return made;
  }

  function row(found) {
    const line = make("li", {});
    const gap = found.apart === null ? "" : found.apart === 0 ? " You agree." : ` On average two of you are ${found.apart.toFixed(1)} levels apart.`;
    line.append(
      make("p", { className: "asked", textContent: statements.get(found.name).says }),
      make("p", { className: "hint", textContent: found.theme }),
      strip(found),
      make("p", { textContent: inWords(found) + gap }),
    );
    if (found.notes.length) {
      const more = make("details", {});
      const notes = make("ul", {});
      notes.append(...found.notes.map((textContent) => make("li", { textContent })));
      more.append(make("summary", { textContent: `What was noted as evidence (${found.notes.length})` }), notes);
      line.append(more);
    }
    return line;
  }

  function rows(found) {
    const made = make("ol", { className: "assess-rows" });
    made.append(...found.map(row));
    return made;
  }

  function view(all) {
    const answers = byStatement(all, themes);
    const most = answers.filter(({ apart }) => apart && apart === answers[0].apart);
    const differ = most.length ? ` You differ most on: ${listed(most.slice(0, 3).map((found) => `“${statements.get(found.name).says}”`))}` : " You do not differ on any statement.";
    const print = make("button", { type: "button", className: "act", textContent: "Print what you see together" });
    print.addEventListener("click", () => printOnly("print-together"));
    const key = make("p", { className: "assess-key" }, { "aria-hidden": "true" });
    [...levels, "Not sure"].forEach((textContent, index) => key.append(make("span", { className: index < levels.length ? `level-${index + 1}` : "unsure", textContent })));
    const summary = make("ul", { className: "assess-rows" });
    summary.append(...byTheme(all, themes).map((found) => {
      const line = make("li", {});
      line.append(make("p", { className: "asked", textContent: found.title }), strip(found), make("p", { textContent: inWords(found) }));
      return line;
    }));
    const rest = make("details", { className: "assess-table" });
    rest.append(make("summary", { textContent: `The other ${answers.length - FIRST} statements` }), rows(answers.slice(FIRST)));
    return [
      make("p", { className: "assess-said", textContent: `${all.length} people.${differ}` }),
      make("h3", { textContent: "What you differ on most" }),
      key,
      rows(answers.slice(0, FIRST)),
      rest,
      make("h3", { textContent: "By theme: how often each level was chosen" }),
      summary,
      folded(
        "All statements as a table",
        ["Statement", ...levels, "Not sure", "Levels apart"],
        answers.map((found) => cells(statements.get(found.name).says, [...found.counts, found.unsure, found.apart === null ? "–" : found.apart.toFixed(1)])),
      ),
      print,
    ];
  }

  return { draw };
}
