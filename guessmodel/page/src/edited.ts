// What edits make of the file's view.

import type { Box, DriverView, ElementView, View } from "./data";
import type { Changed } from "./live";

/** The file's view with what edits changed in it; what drives a quantity stays until it is known anew. */
export function merged(view: View, outcome: Changed): View {
  const boxes = view.boxes.map((box): Box => {
    const elements = outcome.boxes[box.name];
    if (!elements) return box;
    return {
      ...box,
      elements: elements.map((each, i) =>
        each.drivers.length ? each : { ...each, drivers: box.elements[i]?.drivers ?? [], measure: box.elements[i]?.measure ?? "" },
      ),
    };
  });
  return { ...view, boxes, claims: outcome.claims ?? view.claims };
}

/** Measure and inputs of each element, by the name of the quantity. */
export type Drivers = Record<string, [string, DriverView[]][]>;

export function driven(view: View, drivers: Drivers): View {
  return { ...view, boxes: view.boxes.map((box) => ({ ...box, elements: withDrivers(box.elements, drivers[box.name]) })) };
}

export function drivenBoxes(boxes: Record<string, ElementView[]>, drivers: Drivers): Record<string, ElementView[]> {
  return Object.fromEntries(Object.entries(boxes).map(([name, elements]) => [name, withDrivers(elements, drivers[name])]));
}

function withDrivers(elements: ElementView[], told: Drivers[string] | undefined): ElementView[] {
  return elements.map((each, i) => {
    const [measure, drivers] = told?.[i] ?? ["", []];
    return drivers.length ? { ...each, measure, drivers } : each;
  });
}
