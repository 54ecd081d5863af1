// Pictures that are as wide as their place, with letters and lines that keep their size.

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The width that a picture has, so that letters keep their size; `usual` until it is known. */
export function useWidth(place: RefObject<SVGSVGElement | null>, usual: number, wanted = true): number {
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    if (!wanted || !place.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const now = Math.round(entry?.contentRect.width ?? 0);
      if (now > 0) setWidth(now);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [wanted]);
  return width;
}
