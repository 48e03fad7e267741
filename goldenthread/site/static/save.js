// Files that a reader takes away.
import { make } from "./picker.js";

export function save(file, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
