// Pages that lead through something: parts that are shown one at a time, a list of them on top, and
// the address that says which is shown. Without scripts all parts stand below each other.
import { make } from "./picker.js";

// `start()` names the part to begin with, where the address names none.
export function mountParts(place, { start }) {
  const links = [...place.querySelectorAll(".guided-nav a")];
  for (const link of links) link.parentElement.hidden = false;
  const parts = links.map((link) => place.querySelector(link.getAttribute("href")));
  const names = parts.map(({ id }) => id);
  const titles = links.map((link) => link.textContent);

  parts.forEach((part, index) => {
    const ways = make("p", { className: "guided-ways" });
    const way = (to, words) => to in names && ways.append(make("a", { href: `#${names[to]}`, textContent: `${words}: ${titles[to]}` }), " ");
    way(index - 1, "Back");
    way(index + 1, "Next");
    part.append(ways);
  });

  function show(name) {
    parts.forEach((part, index) => {
      part.hidden = part.id !== name;
      if (part.hidden) links[index].removeAttribute("aria-current");
      else links[index].setAttribute("aria-current", "step");
    });
  }

  const named = () => location.hash.slice(1);
  const first = names.includes(named()) ? named() : start();

  // Only who follows a link is taken to the part's heading. An address that names no part is the one
  // that the reader came with, or a place elsewhere on the page.
  function follow() {
    if (!named()) show(first);
    if (!names.includes(named())) return;
    show(named());
    const part = parts[names.indexOf(named())];
    part.scrollIntoView();
    part.querySelector("h2").focus({ preventScroll: true });
  }

  addEventListener("hashchange", follow);
  place.classList.add("ready");
  if (first === named()) follow();
  else show(first);
  return {
    // What stands beside a part in the list, such as how much of it is done.
    mark(name, words, done = false) {
      const link = links[names.indexOf(name)];
      link.replaceChildren(titles[names.indexOf(name)]);
      if (words) link.append(" ", make("span", { textContent: words, className: done ? "done" : "" }));
    },
  };
}

// Prints with a name on the page, by which its style leaves the rest away.
export function printOnly(name) {
  const { classList } = document.documentElement;
  classList.add(name);
  addEventListener("afterprint", () => classList.remove(name), { once: true });
  print();
}
