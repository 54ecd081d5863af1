// One input: its value as text, and handles at the ends of its interval.

import { useRef, useState } from "preact/hooks";
import type { Box, Shape } from "./data";
import type { Ends, Grip, Hand } from "./drag";
import { intervalText, shifted } from "./drag";
import type { Desk, Edits, Input } from "./live";
import { axisOf, clamped, short } from "./scale";
import { useWidth } from "./width";

interface Props {
  box: Box;
  input: Input;
  desk: Desk;
  grip: Grip | null;
  hand: Hand;
  /** Which of the labels is dragged. */
  index: number;
}

const FEW = 8; // labels whose values are shown without being asked for

export function Editor({ box, input, desk, grip, hand, index }: Props) {
  const { shape } = box.elements[index]!;
  const { keys, labels, texts } = input;
  const many = keys.length > 1;
  const given = keys.some((key) => key in desk.edits);
  const [open, show] = useState(given);
  const value = (key: string, label: string, text: string) => (
    <Value key={key} name={key} label={label} text={text} hint={key === box.name && many ? "the same for all labels" : `such as 5 to 8 ${input.unit}`.trim()} edits={desk.edits} error={desk.errors[key]} edit={desk.edit} />
  );
  const each = () => keys.map((key, i) => value(key, many ? labels[i]! : "value", texts[i] ?? ""));
  return (
    <div class="editor">
      {many && value(box.name, "all", "")}
      {keys.length > FEW ? (
        <details open={open} onToggle={(event) => show(event.currentTarget.open)}>
          <summary>{`each of ${keys.length}`}</summary>
          {open && each()}
        </details>
      ) : (
        each()
      )}
      {grip?.at && shape && (
        <Handles grip={grip} hand={hand} shape={shape} ends={grip.at} pattern={input.patterns[index] ?? ""} names={input.bounds[index] ? ["least value", "greatest value"] : ["5th percentile", "95th percentile"]} />
      )}
    </div>
  );
}

interface ValueProps {
  name: string;
  label: string;
  text: string;
  /** What stands in the field while it is empty. */
  hint: string;
  edits: Edits;
  error: string | undefined;
  edit: Desk["edit"];
}

function Value({ name, label, text, hint, edits, error, edit }: ValueProps) {
  const given = edits[name];
  const [typed, setTyped] = useState(given ?? text);
  // What is typed stays while nothing else changes the value: undo, another file.
  const shown = useRef(given ?? text);
  if (shown.current !== (given ?? text)) {
    shown.current = given ?? text;
    setTyped(shown.current);
  }
  const done = () => {
    const next = typed.trim();
    if (next === (given ?? text)) return;
    edit(name, next === "" || next === text ? null : next);
  };
  return (
    <form
      class="value-form"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <label>
        <span>{label}</span>
        <input
          name={name}
          value={typed}
          placeholder={hint}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={!!error}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={done}
          onKeyDown={(event) => {
            if (event.key === "Escape") setTyped(given ?? text);
          }}
        />
      </label>
      {error && <pre class="note" role="alert">{error}</pre>}
    </form>
  );
}

interface HandlesProps {
  grip: Grip;
  hand: Hand;
  shape: Shape;
  ends: Ends;
  pattern: string;
  names: [string, string];
}

const USUAL = 320;

/** The interval as a bar between two handles; arrow keys move them too. */
function Handles({ grip, hand, shape, ends, pattern, names }: HandlesProps) {
  const axis = grip.axis ?? shape; // it stands still while it is dragged on
  const at = grip.ends ?? ends;
  const { share } = axisOf(axis);
  const place = useRef<SVGSVGElement>(null);
  const width = useWidth(place, USUAL);
  const x = (value: number) => share(value) * width;
  return (
    <svg class="handles" ref={place} viewBox={`0 0 ${width} 34`}>
      <line class="axis" x1={0} x2={width} y1={12} y2={12} />
      <line class="span" x1={x(at[0])} x2={x(at[1])} y1={12} y2={12} />
      {([0, 1] as const).map((end) => (
        <g
          class="handle"
          role="slider"
          tabindex={0}
          aria-label={names[end]}
          aria-valuenow={at[end]}
          aria-valuetext={short(at[end])}
          onPointerDown={(event) => grip.begin(event, end)}
          onKeyDown={(event) => {
            const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
            if (!by) return;
            event.preventDefault();
            hand.moved(intervalText(shifted(axis, ends, end, by / 100), pattern), true);
          }}
        >
          <circle cx={x(at[end])} cy={12} r={8} />
          <text class="tick" x={clamped(x(at[end]), 16, width - 16)} y={32} text-anchor="middle">{short(at[end])}</text>
        </g>
      ))}
    </svg>
  );
}
