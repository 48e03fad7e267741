// The guide in thirty minutes: one step at a time, which questions were answered, and the statement
// that ends it. The first answer to each question counts, and is kept on this device.
import { inWords, isDay, today } from "./days.js";
import { keep, recall } from "./device.js";
import { mountParts, printOnly } from "./guided.js";
import { make } from "./picker.js";
// For what it does: the questions take answers before those that are kept are given again.
import "./selfcheck.js";

const KEY = "thirty-minutes";

function mount(place) {
  const steps = [...place.querySelectorAll(".course-step")].map((section) => ({
    section,
    id: section.id,
    title: section.querySelector("h2").lastChild.textContent,
    box: section.querySelector(".self-check"),
    right: "ABCDEF"[[...section.querySelectorAll(".self-check ol > li")].findIndex((line) => line.classList.contains("right"))],
  }));
  const progress = place.querySelector(".course-progress");
  const slot = (name) => place.querySelector(`[data-slot="${name}"]`);
  const statement = place.querySelector(".course-statement");
  const letters = (box) => [...box.querySelectorAll(".letter")].map((letter) => letter.textContent);
  let answers = {};
  let finished = null;
  let before = null;
  let isKept = true;

  // What the device kept, as far as it makes sense: an answer that no question has any more is left out.
  function recalled() {
    try {
      const found = JSON.parse(recall(KEY) ?? "{}");
      for (const { id, box } of steps) {
        const letter = Object.hasOwn(found.answers ?? {}, id) ? found.answers[id] : null;
        if (letters(box).includes(letter)) answers[id] = letter;
      }
      if (typeof found.finished === "string" && isDay(found.finished)) finished = found.finished;
    } catch {
      answers = {};
    }
  }

  const left = () => steps.filter(({ id }) => !answers[id]);

  function write() {
    if (left().length) finished = null;
    else finished ??= today();
    isKept = keep(KEY, Object.keys(answers).length ? JSON.stringify({ answers, finished }) : null);
  }

  // --- the statement --------------------------------------------------------------------

  const told = slot("statement");
  const said = make("p", {}, { role: "status" });
  const missing = make("ul", {});
  const name = make("input", { type: "text", id: "course-name", maxLength: 80, autocomplete: "off" });
  const field = make("p", { className: "guided-field" });
  const label = make("label", { htmlFor: name.id, textContent: "Your name" });
  label.append(make("span", { className: "hint", textContent: "For the printed statement. It is not kept, and not sent." }));
  field.append(label, name);
  const print = make("button", { type: "button", className: "act", textContent: "Print the statement" });
  const again = make("button", { type: "button", className: "act", textContent: "Start again" });
  const undo = make("button", { type: "button", className: "act", textContent: "Undo", hidden: true });
  const acts = make("p", { className: "acts" });
  acts.append(print, " ", again, " ", undo);
  told.append(said, missing, field);
  statement.after(acts);

  name.addEventListener("input", () => (slot("name").textContent = name.value));
  print.addEventListener("click", () => printOnly("print-statement"));
  again.addEventListener("click", () => {
    before = { answers, finished };
    [answers, finished] = [{}, null];
    write();
    clear();
    draw();
    said.textContent = "Your answers are cleared from this device.";
    undo.hidden = false;
    undo.focus();
  });
  undo.addEventListener("click", () => {
    ({ answers, finished } = before);
    before = null;
    undo.hidden = true;
    write();
    restore();
    draw();
    again.focus();
  });

  // A question forgets its answer, and the verdict with it.
  function clear() {
    for (const { box } of steps) {
      for (const input of box.querySelectorAll("input")) input.checked = false;
      box.querySelector("label").dispatchEvent(new Event("change"));
    }
  }

  function restore() {
    for (const { id, box } of steps) {
      if (!answers[id]) continue;
      box.querySelector(`input[value="${answers[id]}"]`).checked = true;
      box.querySelector("button").click();
    }
  }

  // --- what is shown ----------------------------------------------------------------------

  recalled();
  const { mark } = mountParts(place, { start: () => left()[0]?.id ?? "course-statement" });

  function draw() {
    const done = steps.length - left().length;
    const score = steps.filter(({ id, right }) => answers[id] === right).length;
    for (const { id } of steps) mark(id, answers[id] ? "done" : "", true);
    const where = isKept ? "" : " Your browser keeps nothing here: print your statement before you leave.";
    progress.textContent = `${done} of ${steps.length} questions answered.${where}`;
    const isDone = done === steps.length;
    said.textContent = isDone ? "You have answered all the questions. Write your name, and print the statement if you want to have it." : "Your statement is here when every question has its answer. These steps are left:";
    missing.replaceChildren(...left().map(({ id, title }) => {
      const line = make("li", {});
      line.append(make("a", { href: `#${id}`, textContent: title }));
      return line;
    }));
    for (const part of [statement, field, print]) part.hidden = !isDone;
    again.hidden = !done;
    slot("date").textContent = finished ? inWords(finished) : "";
    slot("score").textContent = isDone ? `${score} of ${steps.length}` : "";
  }

  restore();
  write();
  draw();
  place.addEventListener("checked", ({ target, detail }) => {
    const { id } = steps.find(({ box }) => box === target);
    if (answers[id]) return;
    answers[id] = detail.letter;
    // A first answer after "Start again" leaves nothing to go back to.
    before = null;
    undo.hidden = true;
    write();
    draw();
  });
}

document.querySelectorAll(".course").forEach(mount);
