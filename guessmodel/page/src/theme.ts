// In a notebook, whose theme need not be the system's: a page is dark where it stands on something dark.

const SYSTEM = /\(prefers-color-scheme: ?dark\)/g;
const CHANGED = 300; // ms, until the styles of another theme are there
const WAIT = 50; // ms, before it is looked again whether a place is in the page

/** Have the rules of a style for dark systems hold where the background of a place is dark; returns what ends that. */
export function followTheme(style: HTMLStyleElement, place: Element): () => void {
  const text = style.textContent ?? "";
  let last: boolean | null = null;
  let timer = 0;
  // As text: where a notebook takes a cell out and puts it back, rules are read anew.
  const follow = () => {
    const dark = isDark(place);
    if (dark === last) return;
    last = dark;
    style.textContent = text.replace(SYSTEM, dark ? "all" : "not all");
  };
  // Notebooks draw first, and put it into the page then.
  const begin = () => {
    if (place.isConnected) follow();
    else timer = window.setTimeout(begin, WAIT);
  };
  begin();
  const observer = new MutationObserver(() => setTimeout(follow, CHANGED));
  for (const root of [document.documentElement, document.body]) observer.observe(root, { attributes: true });
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

function isDark(place: Element): boolean {
  const above = (each: Element): Element | null => each.parentElement ?? (each.getRootNode() as Partial<ShadowRoot>).host ?? null;
  for (let here: Element | null = place; here; here = above(here)) {
    const [red = 0, green = 0, blue = 0, opacity = 1] = (getComputedStyle(here).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (opacity > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  return false; // a browser's own paper is white
}
