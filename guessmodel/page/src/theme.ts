// In a notebook, whose theme need not be the system's: a page is dark where it stands on something dark.

/** Have the rules of a style for dark systems hold where the background of a place is dark; returns what ends that. */
export function followTheme(style: HTMLStyleElement, place: Element): () => void {
  const rules = [...(style.sheet?.cssRules ?? [])].filter(
    (rule): rule is CSSMediaRule => rule instanceof CSSMediaRule && rule.conditionText.includes("prefers-color-scheme"),
  );
  const follow = () => {
    const dark = isDark(place);
    for (const rule of rules) rule.media.mediaText = dark ? "all" : "not all";
  };
  follow();
  const observer = new MutationObserver(() => setTimeout(follow, CHANGED));
  for (const root of [document.documentElement, document.body]) observer.observe(root, { attributes: true });
  return () => observer.disconnect();
}

const CHANGED = 300; // ms, until the styles of another theme are there

function isDark(place: Element): boolean {
  for (let here: Element | null = place; here; here = here.parentElement) {
    const [red = 0, green = 0, blue = 0, opacity = 1] = (getComputedStyle(here).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (opacity > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  return false; // a browser's own paper is white
}
