// The field at the head of every page. The search itself is loaded when somebody goes there.
const form = document.querySelector(".find");
form?.addEventListener("focusin", async () => (await import("./search.js")).mountField(form), { once: true });
