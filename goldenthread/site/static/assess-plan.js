// The action plan: the statements at the lowest levels first, each with a next step, and room for
// what the reader means to do.
import { UNSURE } from "./assess-file.js";
import { inOrder } from "./assess-sums.js";
import { make } from "./picker.js";

const FIRST = 5;
const HIGHEST = 4;
const FIELDS = [
  { name: "action", words: "What we will do", rows: 2 },
  { name: "who", words: "Who, as a role" },
  { name: "by", words: "By when" },
];

export function drawPlan(place, { book, mine, change }) {
  const { themes, statements, levels, next, rules } = book;
  let plan = mine.plan;
  const planned = (name) => Object.values(plan[name] ?? {}).some(Boolean);
  const ordered = inOrder(mine, themes);
  const low = ordered.filter(({ level, name }) => level !== HIGHEST || planned(name));
  // What was written stays in sight, also where its answer was taken back since.
  const rest = [...statements.keys()].filter((name) => planned(name) && !low.some((one) => one.name === name));
  const all = [...low, ...rest.map((name) => ({ name, level: null }))];
  if (!all.length) {
    const words = ordered.length ? "You chose the highest level for all you answered. Ask somebody else to answer too, and compare." : "Answer some statements first. Those at the lowest level come first here, each with a next step.";
    place.replaceChildren(make("p", { textContent: words }));
    return;
  }
  const list = make("ol", { className: "assess-steps" });
  const more = make("button", { type: "button", className: "act", textContent: "Show more statements" });
  const hidden = all.filter((one, index) => index >= FIRST && !planned(one.name));
  list.append(...all.filter((one) => !hidden.includes(one)).map(item));
  more.hidden = !hidden.length;
  more.addEventListener("click", () => {
    const [shown] = list.children;
    const added = hidden.splice(0, FIRST).map(item);
    (shown ? list : place).append(...added);
    more.hidden = !hidden.length;
    added[0].querySelector("textarea").focus();
  });

  function item({ name, level }) {
    const { says, look } = statements.get(name);
    const line = make("li", {});
    line.dataset.statement = name;
    const now = make("p", {});
    if (level === UNSURE) now.append(make("strong", { textContent: "Now: not sure." }), " Find out first.");
    else if (level) now.append(make("strong", { textContent: `Now: ${levels[level - 1]}.` }), ` ${statements.get(name).levels[level - 1]}`);
    else now.append(make("strong", { textContent: "Now: no answer." }), " You wrote this step earlier.");
    const step = level === UNSURE ? look : level && next[name][level - 1];
    const parts = [make("h3", { textContent: says }), now];
    const inputs = FIELDS.map((field) => input(field, name, says));
    if (step) {
      const suggested = make("p", {});
      const take = make("button", { type: "button", className: "plain", textContent: "Write it into my plan" }, { "aria-label": `Write it into my plan: ${step}` });
      take.addEventListener("click", () => {
        const area = inputs[0].querySelector("textarea");
        if (!area.value.includes(step)) area.value = [area.value.trim(), step].filter(Boolean).join(" ").slice(0, rules.limits.action);
        area.dispatchEvent(new Event("input"));
        area.focus();
      });
      suggested.append(make("strong", { textContent: level === UNSURE ? "Where to look." : "A next step." }), ` ${step} `, take);
      suggested.className = "assess-next";
      parts.push(suggested);
    }
    line.append(...parts, ...inputs);
    return line;
  }

  function input({ name: field, words, rows }, name, says) {
    const box = make("p", { className: `guided-field ${field}` });
    const made = make(rows ? "textarea" : "input", { ...(rows ? { rows } : { type: "text" }), id: `${field}-${name}`, maxLength: rules.limits[field], autocomplete: "off", value: plan[name]?.[field] ?? "" });
    const label = make("label", { htmlFor: made.id, textContent: words });
    // Whoever goes from field to field hears which statement each belongs to.
    label.append(make("span", { className: "unseen", textContent: `: ${says}` }));
    made.addEventListener("input", () => {
      const step = { action: "", who: "", by: "", ...plan[name], [field]: made.value };
      const { [name]: _, ...others } = plan;
      plan = Object.values(step).some(Boolean) ? { ...plan, [name]: step } : others;
      change(plan);
    });
    box.append(label, made);
    return box;
  }

  place.replaceChildren(
    make("p", { textContent: "The lowest levels come first, then what you are not sure of. Choose three. A plan with more is a list of wishes." }),
    list,
    more,
  );
}
