// Pictures that are as wide as their place, with letters and lines that keep their size.

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The width that a picture has, so that letters keep their size; `usual` until it is known, and on paper. */
export function useWidth(place: RefObject<SVGSVGElement | null>, usual: number, wanted = true): number {
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    const picture = place.current;
    if (!wanted || !picture) return;
    const measure = () => {
      const now = Math.round(picture.getBoundingClientRect().width);
      if (now > 0) setWidth(now);
    };
    const paper = () => setWidth(usual); // no observer hears how wide a sheet is
    const observer = new ResizeObserver(measure);
    observer.observe(picture);
    addEventListener("beforeprint", paper);
    addEventListener("afterprint", measure);
    return () => {
      observer.disconnect();
      removeEventListener("beforeprint", paper);
      removeEventListener("afterprint", measure);
    };
  }, [wanted]);
  return width;
}
