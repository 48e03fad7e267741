// The site's own files of data: each is asked for once on a page, and again only if it failed.
const root = document.documentElement.dataset.root;
const fetched = new Map();

export function file(path) {
  if (!fetched.has(path)) {
    const asked = fetch(root + path).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    });
    asked.catch(() => fetched.delete(path));
    fetched.set(path, asked);
  }
  return fetched.get(path);
}
