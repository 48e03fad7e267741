// Whom to compare with: one choice of several, and a list of one's own that never leaves the device.
import * as choice from "./choice.js";
import { make, mountPicker } from "./picker.js";
import settings from "./settings.js";

// Longer lists are no comparison any more, and nobody reads them.
const MOST = 20;
const large = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export function mountComparators(place, { areas, choose }) {
  const box = make("fieldset", { className: "comparators", hidden: true });
  box.append(make("legend", { textContent: "Compare with" }));
  const radios = new Map();
  for (const { id, name } of settings.comparators) {
    const radio = make("input", { type: "radio", name: "comparator", value: id, id: `with-${id}` });
    radio.setAttribute("aria-describedby", "with-meaning");
    radio.addEventListener("change", () => pick(id));
    radios.set(id, radio);
    const label = make("label", { htmlFor: radio.id, textContent: large(name) });
    const line = make("div", { className: "choice" });
    line.append(radio, label);
    box.append(line);
  }
  const meaning = make("p", { id: "with-meaning", className: "hint" });
  box.append(meaning);
  place.append(box);
  const list = mountOwnList(box, { areas, changed: () => pick("own") });

  let without = {};

  function explain(id) {
    const chosen = settings.comparators.find((one) => one.id === id);
    meaning.textContent = [chosen.meaning, without[id]].filter(Boolean).join(" ");
    list.show(id === "own");
  }

  function pick(id) {
    radios.get(id).checked = true;
    explain(id);
    // An empty list compares with nobody: it is chosen with its first council.
    if (id !== "own" || choice.ownList().length) choose(id);
  }

  // What is shown now; `none` says which comparisons hold nobody for this council, and why.
  return (comparator, none) => {
    box.hidden = comparator === null;
    without = none ?? {};
    if (comparator === null) return;
    radios.get(comparator).checked = true;
    explain(comparator);
  };
}

function mountOwnList(place, { areas, changed }) {
  const box = make("div", { className: "own-list", hidden: true });
  const names = make("ul", {});
  const said = make("p", { className: "hint" });
  said.setAttribute("role", "status");
  place.append(box);
  box.append(names, said);

  async function draw() {
    let known = [];
    try {
      known = await areas();
    } catch {
      said.textContent = "The list of councils could not be loaded.";
      return;
    }
    const codes = choice.ownList();
    names.replaceChildren(
      ...codes.map((code) => {
        const name = known.find((area) => area.code === code)?.name ?? code;
        const line = make("li", { textContent: `${name} ` });
        const remove = make("button", { type: "button", className: "plain", textContent: "Remove" });
        remove.setAttribute("aria-label", `Remove ${name}`);
        remove.addEventListener("click", () => {
          choice.keepOwnList(choice.ownList().filter((one) => one !== code));
          said.textContent = `${name} is no longer on your list.`;
          draw();
          box.querySelector("input").focus({ preventScroll: true });
          changed();
        });
        line.append(remove);
        return line;
      }),
    );
  }

  function add(area) {
    const codes = choice.ownList();
    if (codes.includes(area.code)) said.textContent = `${area.name} is on your list already.`;
    else if (codes.length >= MOST) said.textContent = `A list holds ${MOST} councils at most.`;
    else {
      choice.keepOwnList([...codes, area.code]);
      said.textContent = `${area.name} is on your list now.`;
      draw();
      changed();
    }
  }

  return {
    show(open) {
      box.hidden = !open;
      if (!open) return;
      if (!box.querySelector(".picker")) mountPicker(box, { label: "Add a council to your list", areas, choose: add });
      draw();
    },
  };
}
