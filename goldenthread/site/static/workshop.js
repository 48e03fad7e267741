// What the page to compare and the page to build share: what can be chosen, the list of what is
// chosen, the address that holds it, and files to take away.
import { file } from "./files.js";
import { make } from "./picker.js";
import { save } from "./save.js";
import { csv, xlsx } from "./spreadsheet.js";
import { plain } from "./words.js";

export const load = (name) => file(`_static/measures/${name}.json`);

export const listed = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

// --- the address --------------------------------------------------------------

// A list stands there with commas: whoever reads the address can read it.
export function write(values, { replace = false } = {}) {
  const made = new URL(location.href);
  for (const [key, value] of Object.entries(values)) {
    made.searchParams.delete(key);
    for (const one of Array.isArray(value) ? value : [value]) if (one) made.searchParams.append(key, one);
  }
  made.search = made.search.replaceAll("%2C", ",");
  made.hash = "";
  if (made.href === location.href) return;
  if (replace) history.replaceState(history.state, "", made);
  else history.pushState(null, "", made);
}

export const asked = (key) => [...new Set((new URL(location.href).searchParams.get(key) ?? "").split(",").map((one) => one.trim()).filter(Boolean))];

// Of what an address asks for: what there is, up to so many, and one sentence about the rest.
export function sorted(wanted, known, most, several) {
  const kept = wanted.filter((one) => known.has(one));
  const said = [];
  const unknown = wanted.filter((one) => !known.has(one)).map((one) => `“${one.slice(0, 40)}”`);
  if (unknown.length) {
    const more = unknown.length > 5 ? [`${unknown.length - 5} more`] : [];
    said.push(`Left out, because there are no such ${several} here: ${listed([...unknown.slice(0, 5), ...more])}.`);
  }
  if (kept.length > most) said.push(`Only the first ${most} ${several} of the address are shown.`);
  return { kept: kept.slice(0, most), said };
}

// --- choosing measures ----------------------------------------------------------

const SHOWN = 12;

export function mountChooser(place, { measures, chosen, add }) {
  const box = make("div", { className: "chooser" });
  const label = make("label", { htmlFor: "find-measure", textContent: "Find a measure" });
  label.append(make("span", { className: "hint", textContent: "By its name, or by an everyday word such as bins or schools" }));
  const input = make("input", { type: "search", id: "find-measure", autocomplete: "off", spellcheck: false });
  const themes = make("select", { id: "theme-of-measure" });
  themes.append(make("option", { value: "", textContent: "All themes" }));
  for (const theme of new Set(measures.map((one) => one.theme))) themes.append(make("option", { value: theme, textContent: theme }));
  const themeLabel = make("label", { htmlFor: themes.id, textContent: "Theme" });
  const said = make("p", { className: "hint" }, { role: "status" });
  const list = make("ul", { className: "to-add" });
  const fields = make("div", { className: "fields" });
  const left = make("div", {});
  const right = make("div", {});
  left.append(label, input);
  right.append(themeLabel, themes);
  fields.append(left, right);
  box.append(fields, said, list);
  place.append(box);
  const known = measures.map((one) => ({ one, name: ` ${plain(one.short)}`, words: ` ${plain(`${one.words} ${one.theme}`)}` }));
  let all = false;

  function draw() {
    const wanted = plain(input.value).split(" ").filter(Boolean);
    if (!wanted.length && !themes.value) {
      said.textContent = `${measures.length} measures.`;
      list.replaceChildren();
      return;
    }
    const found = known
      .filter(({ one }) => !themes.value || one.theme === themes.value)
      .map(({ one, name, words }) => ({
        one,
        score: wanted.reduce((sum, word) => sum + (name.includes(` ${word}`) ? 0 : words.includes(` ${word}`) ? 1 : Infinity), 0),
      }))
      .filter(({ score }) => score < Infinity)
      .sort((a, b) => a.score - b.score);
    const shown = all ? found : found.slice(0, SHOWN);
    said.textContent = found.length ? `${found.length} found.` : "No measure is called that. Try another word, or look through a theme.";
    list.replaceChildren(...shown.map(({ one }) => {
      const line = make("li", {});
      const there = chosen().includes(one.id);
      const button = make("button", { type: "button", className: "add", textContent: there ? `${one.short} (chosen)` : `Add ${one.short}`, disabled: there });
      button.dataset.measure = one.id;
      button.addEventListener("click", () => add(one.id));
      line.append(button);
      return line;
    }));
    if (shown.length < found.length) {
      const line = make("li", {});
      const more = make("button", { type: "button", className: "plain", textContent: `Show all ${found.length}` });
      more.addEventListener("click", () => {
        all = true;
        draw();
        list.children[SHOWN].querySelector("button").focus();
      });
      line.append(more);
      list.append(line);
    }
  }
  const again = () => {
    all = false;
    draw();
  };
  input.addEventListener("input", again);
  themes.addEventListener("change", again);
  draw();
  return draw;
}

// --- the list of what is chosen ---------------------------------------------------

// `things`: [{id, name}] in order. `change(ids)` shows another order, or fewer. `more(id)` gives what
// stands beside a name. What was taken out can be put back.
export function mountChosen(place, { label, change, more = () => null }) {
  const box = make("div", { className: "chosen" });
  const title = make("h3", { textContent: label });
  const list = make("ol", {});
  const said = make("p", { className: "hint" }, { role: "status" });
  const undo = make("button", { type: "button", className: "plain", textContent: "Undo", hidden: true });
  box.append(title, list, said, undo);
  place.append(box);
  let before = null;
  let ids = [];
  undo.addEventListener("click", () => {
    const back = before;
    change(back);
    tell("Put back.");
    list.querySelector("button")?.focus({ preventScroll: true });
  });

  function tell(words, undone = null) {
    before = undone;
    undo.hidden = !undone;
    said.textContent = words;
  }

  // The button stays under the finger, or goes to the next of its kind.
  function refocus(at, name) {
    const line = list.children[Math.min(at, list.children.length - 1)];
    const button = line?.querySelector(`[data-act="${name}"]:not(:disabled)`) ?? line?.querySelector("button:not(:disabled)") ?? undo;
    button.focus({ preventScroll: true });
  }

  function move(at, to, name) {
    const order = [...ids];
    order.splice(to, 0, ...order.splice(at, 1));
    change(order);
    tell(`${name} is now ${to + 1} of ${order.length}.`);
    refocus(to, to < at ? "up" : "down");
  }

  function act(name, words, what, disabled, done) {
    const button = make("button", { type: "button", className: "act", textContent: words, disabled }, { "aria-label": `${what} ${name}` });
    button.dataset.act = what === "Remove" ? "remove" : words === "↑" ? "up" : "down";
    button.addEventListener("click", done);
    return button;
  }

  return {
    tell,
    show(things) {
      ids = things.map(({ id }) => id);
      box.classList.toggle("empty", !things.length);
      list.replaceChildren(...things.map(({ id, name }, at) => {
        const line = make("li", {});
        line.dataset.id = id;
        const row = make("div", { className: "row" });
        row.append(
          make("span", { className: "what", textContent: name }),
          act(name, "↑", "Move up", at === 0, () => move(at, at - 1, name)),
          act(name, "↓", "Move down", at === things.length - 1, () => move(at, at + 1, name)),
          act(name, "Remove", "Remove", false, () => {
            const kept = [...ids];
            change(kept.filter((one) => one !== id));
            tell(`${name} was removed.`, kept);
            refocus(at, "remove");
          }),
        );
        line.append(row);
        const beside = more(id, name);
        if (beside) line.append(beside);
        return line;
      }));
    },
  };
}

// --- what can be taken away ----------------------------------------------------------

// `sheets()` gives [{name, rows}]; the first is the one that the CSV file holds.
export function mountTakeAway(place, { name, sheets, print = false }) {
  const box = make("div", { className: "take-away" });
  const said = make("p", { className: "hint" }, { role: "status" });
  const field = make("div", {});
  const button = (words, done) => {
    const made = make("button", { type: "button", className: "act", textContent: words });
    made.addEventListener("click", async () => {
      said.textContent = "";
      try {
        await done();
      } catch {
        said.textContent = "That did not work: a file could not be loaded. Try again in a while.";
      }
    });
    box.append(made);
  };
  button("Copy the link", async () => {
    const label = make("label", { textContent: "The link to this page as it is" });
    const words = make("textarea", { value: location.href, readOnly: true, rows: 3 });
    label.append(words);
    field.replaceChildren(label);
    words.focus({ preventScroll: true });
    words.select();
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Select it and copy it.";
    }
  });
  button("Excel", async () => save(`${name()}.xlsx`, new Blob([xlsx(await sheets())], { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" })));
  button("CSV", async () => save(`${name()}.csv`, new Blob([csv((await sheets())[0].rows)], { type: "text/csv" })));
  if (print) button("Print", () => window.print());
  box.append(said, field);
  place.append(box);
}
