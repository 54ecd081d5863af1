// The focus goes on beside what has gone, such as a button that removes itself.

import { useEffect } from "preact/hooks";

const REACHED = "button, input, select, summary, a[href], [tabindex='0']";
const NEAR = 12; // of those before and after

/** It is there, and can be seen. */
const usable = (each: HTMLElement | SVGElement) => each.isConnected && each.getClientRects().length > 0;

/** Keeps the focus within a part of the page: what is nearest takes it over, first what follows. */
export function useFocusKept(place: { current: HTMLElement | null }) {
  useEffect(() => {
    const root = place.current;
    if (!root) return;
    let focused: HTMLElement | null = null;
    let near: HTMLElement[] = [];
    const entered = (event: FocusEvent) => {
      focused = event.target as HTMLElement;
      const all = [...root.querySelectorAll<HTMLElement>(REACHED)];
      const at = all.indexOf(focused);
      near = at < 0 ? [] : [...all.slice(at + 1, at + 1 + NEAR), ...all.slice(Math.max(at - NEAR, 0), at).reverse()];
    };
    // Later, for an element that is removed loses the focus before it is gone, and a dialog gives it back after.
    let waiting = 0;
    const settle = () => {
      const now = (root.getRootNode() as Document | ShadowRoot).activeElement;
      const gone = focused && !usable(focused);
      if (gone && (!now || now === document.body || now === focused)) near.find(usable)?.focus({ preventScroll: true });
      else if (now !== focused) focused = null; // it was left by Tab or a click
    };
    const changed = () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(settle);
    };
    const observer = new MutationObserver(changed);
    observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-disabled"] });
    root.addEventListener("focusin", entered);
    root.addEventListener("focusout", changed);
    return () => {
      clearTimeout(waiting);
      observer.disconnect();
      root.removeEventListener("focusin", entered);
      root.removeEventListener("focusout", changed);
    };
  }, []);
}
