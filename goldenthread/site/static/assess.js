// The self-assessment: one theme at a time, the answers kept on this device, and what they come to.
import { blank, isBlank, read, UNSURE, written } from "./assess-file.js";
import { byTheme } from "./assess-sums.js";
import { drawPlan } from "./assess-plan.js";
import { drawResults } from "./assess-results.js";
import { mountTogether } from "./assess-together.js";
import { inWords, today } from "./days.js";
import { keep, recall } from "./device.js";
import { mountParts, printOnly } from "./guided.js";
import { make } from "./picker.js";
import { save } from "./save.js";

const KEY = "self-assessment";

// The words stand once on the page, in the tables for paper.
function words(place) {
  const statements = new Map();
  const themes = [...place.querySelectorAll(".assess-theme")].map((section) => {
    const names = [...section.querySelectorAll("tbody")].map((body) => {
      const [row, below] = body.rows;
      const [says, ...levels] = [...row.cells].map((cell) => cell.textContent);
      statements.set(body.dataset.statement, { says, levels, look: below.querySelector(".look").textContent });
      return body.dataset.statement;
    });
    return { id: section.id, title: section.querySelector("h2").textContent, section, statements: names };
  });
  const heads = [...place.querySelector("thead tr").cells].slice(1);
  return { themes, statements, levels: heads.map((head) => head.textContent.replace(/^\d\. /, "")) };
}

function mount(place) {
  const { next, ...rules } = JSON.parse(place.querySelector("script").textContent);
  const book = { ...words(place), next, rules };
  const { themes, statements, levels } = book;
  const slot = (name) => place.querySelector(`[data-slot="${name}"]`);
  const said = place.querySelector(".assess-kept");
  let before = null;
  let isKept = true;

  const kept = recall(KEY);
  const opened = kept ? read(kept, rules) : {};
  let mine = opened.answers ?? blank(rules, today());

  function write(changed) {
    mine = { ...mine, ...changed, saved: today() };
    isKept = keep(KEY, isBlank(mine) ? null : written(mine));
  }

  // --- answering ------------------------------------------------------------------

  function change(name, changed) {
    const answer = { level: null, note: "", ...mine.answers[name], ...changed };
    const { [name]: _, ...others } = mine.answers;
    const isEmpty = answer.level === null && !answer.note;
    write({ answers: isEmpty ? others : { ...mine.answers, [name]: answer } });
  }

  function field(name, number, of) {
    const { says, levels: looks, look } = statements.get(name);
    const box = make("fieldset", { className: "assess-statement" });
    box.dataset.statement = name;
    const legend = make("legend", { textContent: says });
    legend.prepend(make("span", { className: "assess-number", textContent: `${number} of ${of} ` }));
    box.append(legend);
    const option = (value, title, text) => {
      const label = make("label", { className: "assess-level" });
      const input = make("input", { type: "radio", name, value, autocomplete: "off" });
      const body = make("span", {});
      body.append(make("strong", { textContent: title }), ` ${text}`);
      label.append(input, body);
      input.addEventListener("change", () => {
        change(name, { level: value === UNSURE ? UNSURE : Number(value) });
        draw();
      });
      box.append(label);
    };
    looks.forEach((text, index) => option(String(index + 1), `${index + 1}. ${levels[index]}.`, text));
    option(UNSURE, "Not sure.", "I would have to find out.");
    const back = make("button", { type: "button", className: "plain", textContent: "Take my answer back", hidden: true }, { "aria-label": `Take my answer back: ${says}` });
    back.addEventListener("click", () => {
      change(name, { level: null });
      draw();
      box.querySelector("input").focus({ preventScroll: true });
    });
    const more = make("details", {});
    const note = make("textarea", { id: `note-${name}`, rows: 3, maxLength: rules.limits.note, autocomplete: "off" });
    const label = make("label", { htmlFor: note.id, textContent: "What have you seen that makes you say so?" });
    label.append(make("span", { className: "hint", textContent: `Where to look: ${look[0].toLowerCase()}${look.slice(1)}` }));
    more.append(make("summary", { textContent: "Evidence" }), label, note);
    note.addEventListener("input", () => {
      change(name, { note: note.value });
      tell();
    });
    box.append(back, more);
    return box;
  }

  for (const { section, statements: names } of themes) {
    section.append(...names.map((name, index) => field(name, index + 1, names.length)));
  }
  const fields = [...place.querySelectorAll(".assess-statement")];

  // --- keeping, opening, clearing -----------------------------------------------------

  const file = slot("file");
  const label = make("input", { type: "text", id: "assess-label", maxLength: rules.limits.label, autocomplete: "off" });
  const done = make("p", { className: "guided-said" }, { role: "status" });
  const undo = make("button", { type: "button", className: "act", textContent: "Undo", hidden: true });
  const open = make("input", { type: "file", id: "assess-open", accept: ".json,application/json" });

  function act(textContent, does) {
    const button = make("button", { type: "button", className: "act", textContent });
    button.addEventListener("click", does);
    return button;
  }

  function row(input, textContent, hint) {
    const box = make("p", { className: "guided-field" });
    const name = make("label", { htmlFor: input.id, textContent });
    name.append(make("span", { className: "hint", textContent: hint }));
    box.append(name, input);
    return box;
  }

  // Something else takes the answers' place, and can be taken back.
  function replace(answers, sentence) {
    before = mine;
    mine = answers;
    isKept = keep(KEY, isBlank(mine) ? null : written(mine));
    undo.hidden = false;
    done.textContent = sentence;
    draw();
    undo.focus({ preventScroll: true });
  }

  label.addEventListener("input", () => {
    write({ label: label.value });
    tell();
  });
  open.addEventListener("change", async () => {
    const [chosen] = open.files;
    if (!chosen) return;
    const found = await fromFile(chosen, rules);
    open.value = "";
    if (found.why) {
      done.textContent = `“${found.name}” was not opened, and your answers are as they were: ${found.why}.`;
      return;
    }
    const known = Object.keys(found.answers.answers).filter((name) => statements.has(name)).length;
    replace(found.answers, `“${found.name}” was opened, with answers or notes to ${known} statements of ${statements.size}.`);
  });
  undo.addEventListener("click", () => {
    mine = before;
    before = null;
    isKept = keep(KEY, isBlank(mine) ? null : written(mine));
    undo.hidden = true;
    done.textContent = "Your answers are back.";
    draw();
    file.querySelector("button").focus({ preventScroll: true });
  });

  const first = make("p", { className: "acts" });
  first.append(
    act("Save my answers as a file", () => {
      save(`self-assessment-${mine.saved}.json`, new Blob([written(mine)], { type: "application/json" }));
      done.textContent = "The file is among your downloads. Open it here again, or give it to whoever puts your group’s answers together.";
    }),
    " ",
    act("Print my answers, results and plan", () => printOnly("print-answers")),
    " ",
    act("Print the empty questionnaire", () => printOnly("print-empty")),
    " ",
    act("Clear my answers", () => replace(blank(rules, today()), "All your answers are cleared from this device.")),
  );
  file.after(file.parentElement.querySelector("template").content);
  file.append(
    make("p", { textContent: "Your answers are kept on this device until you clear them. Whoever uses the same browser can see them. A file lets you go on elsewhere." }),
    row(label, "What your answers are called in a group (optional)", "Such as your role. It stands in the file."),
    first,
    row(open, "Open a file that you saved", "It takes the place of the answers on this device."),
    done,
    undo,
  );

  // --- what is shown --------------------------------------------------------------------

  const { mark } = mountParts(place, {
    start: () => themes.find((theme) => theme.statements.some((name) => !answered(name)))?.id ?? "assess-results",
  });
  const together = mountTogether(slot("together"), { book, mine: () => mine, open: (chosen) => fromFile(chosen, rules) });

  function answered(name) {
    return (mine.answers[name]?.level ?? null) !== null;
  }

  function tell() {
    const count = [...statements.keys()].filter(answered).length;
    const where = isKept ? "Kept on this device" : "Your browser keeps nothing here: save a file before you leave";
    said.textContent = count || !isBlank(mine) ? `${count} of ${statements.size} statements answered. ${where}.` : "";
  }

  function draw() {
    for (const box of fields) {
      const name = box.dataset.statement;
      const { level = null, note = "" } = mine.answers[name] ?? {};
      for (const input of box.querySelectorAll("input")) input.checked = input.value === String(level);
      const area = box.querySelector("textarea");
      if (area.value !== note) area.value = note;
      if (note) box.querySelector("details").open = true;
      box.querySelector(".plain").hidden = level === null;
      box.classList.toggle("answered", level !== null);
    }
    if (label.value !== mine.label) label.value = mine.label;
    for (const one of byTheme([mine], themes)) {
      const count = one.answered + one.unsure;
      mark(one.id, count ? `${count} of ${count + one.open}` : "", !one.open);
    }
    tell();
    drawResults(slot("results"), { book, mine });
    drawPlan(slot("plan"), { book, mine, change: (plan) => {
      write({ plan });
      tell();
    } });
    together.draw();
  }

  // The same page in another window of this browser.
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEY && key !== null) return;
    const found = newValue ? read(newValue, rules).answers : blank(rules, today());
    if (!found) return;
    mine = found;
    draw();
  });

  draw();
  if (opened.why) said.textContent = `The answers that this device kept cannot be read any more: ${opened.why}.`;
  else if (kept) said.textContent += ` You last changed them on ${inWords(mine.saved)}.`;
}

// A chosen file as answers, or why not; `name` is short enough to be said.
async function fromFile(chosen, rules) {
  const name = chosen.name.length > 60 ? `${chosen.name.slice(0, 59)}…` : chosen.name;
  // Not even looked into, where it is larger than any of ours.
  if (chosen.size > rules.limits.bytes) return { name, why: `it is larger than ${rules.limits.bytes / 1000} kB` };
  try {
    return { name, ...read(await chosen.text(), rules) };
  } catch {
    return { name, why: "it cannot be read" };
  }
}

document.querySelectorAll(".self-assessment").forEach(mount);
