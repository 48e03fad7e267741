// Explains a word where it stands. Without this script the word is a link to the glossary.
const links = [...document.querySelectorAll("a.gloss")];
const EDGE = 16;

function make(name, properties, attributes = {}) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// One box for the whole page, moved behind the word that is explained: Tab then leads into it.
const words = make("span");
const more = make("a", { textContent: "In the glossary" });
const box = make("span", { className: "gloss-box", id: "gloss-box" });
box.append(words, " ", more);
// A region that was there before its words: only then are they read out.
const said = make("span", { className: "unseen" }, { role: "status" });
let open = null;

function show(link) {
  if (open === link) return;
  hide();
  open = link;
  words.textContent = link.dataset.definition;
  more.href = link.href;
  link.after(box);
  link.setAttribute("aria-expanded", "true");
  place();
  said.textContent = link.dataset.definition;
}

function hide() {
  open?.setAttribute("aria-expanded", "false");
  open = null;
  box.remove();
  said.textContent = "";
}

// Under the end of the word, inside the window; above it where there is room only there.
function place() {
  if (!open) return;
  const frame = box.offsetParent.getBoundingClientRect();
  const word = [...open.getClientRects()].at(-1);
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(EDGE, Math.min(word.left, document.documentElement.clientWidth - width - EDGE));
  const above = word.bottom + height + EDGE > innerHeight && word.top > height + 5 * EDGE;
  box.style.left = `${left - frame.left}px`;
  box.style.top = `${(above ? word.top - height - 6 : word.bottom + 6) - frame.top}px`;
}

const isInside = (target) => target && (box.contains(target) || open?.contains(target));

function mount(link) {
  // It stays a link, which breaks over lines as words do and opens in a new tab when asked to.
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (open === link) hide();
    else show(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
  // With the keyboard, arriving is enough. A pointer has its click.
  link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
}

links.forEach(mount);
document.body.append(said);
document.addEventListener("focusin", ({ target }) => !isInside(target) && hide());
document.addEventListener("pointerdown", ({ target }) => open && !isInside(target) && hide());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open) return;
  if (box.contains(document.activeElement)) open.focus({ preventScroll: true });
  hide();
});
addEventListener("resize", place);
