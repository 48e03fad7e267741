// Loads the talk below a page when its reader asks for it, and not before: it comes from another site.
const box = document.querySelector("[data-talk]");
const button = box.querySelector("button");

button.addEventListener("click", () => {
  const script = document.createElement("script");
  Object.assign(script.dataset, {
    repo: box.dataset.repo,
    repoId: box.dataset.repoId,
    category: box.dataset.category,
    categoryId: box.dataset.categoryId,
    mapping: "pathname",
    strict: "1",
    reactionsEnabled: "0",
    emitMetadata: "0",
    inputPosition: "bottom",
    theme: "preferred_color_scheme",
    lang: "en",
  });
  script.src = `${box.dataset.host}/client.js`;
  script.crossOrigin = "anonymous";
  script.addEventListener("error", () => {
    script.remove();
    button.hidden = false;
    box.querySelector("[role=status]").textContent = "The discussion could not be loaded. The page above is whole without it.";
  });
  button.hidden = true;
  box.append(script);
});
