// A box of the graph: its name, value, interval and form, whether it has a source, and its claims.

import { Component, type ComponentChildren } from "preact";
import type { Box, Claim, View } from "./data";
import { spoken } from "./data";
import { Distribution } from "./Distribution";
import { cut, fitted, fitting, unitOf } from "./letters";
import { HEIGHT, left, upper, WIDTH, type Standing } from "./standing";

interface BoxProps {
  standing: Standing;
  box: Box;
  selected: boolean;
  /** Tab reaches one box; arrow keys go on from there. */
  reached: boolean;
  faded: boolean;
  tone: Tone | undefined;
  select: (name: string) => void;
}

/** A box is drawn anew only when it changes: of hundreds most stay as they are. */
export class BoxView extends Component<BoxProps> {
  override shouldComponentUpdate(next: BoxProps) {
    const now = this.props;
    return next.standing !== now.standing || next.box !== now.box || next.selected !== now.selected || next.reached !== now.reached || next.faded !== now.faded || next.tone !== now.tone;
  }
  /** What is in the box; the same object while it stays, so that nothing of it is looked at again. */
  private content: { box: Box; tone: Tone | undefined; inside: ComponentChildren } | null = null;

  override render({ standing, box, selected, reached, faded, tone, select }: BoxProps) {
    const { layer, row, members } = standing;
    if (this.content?.box !== box || this.content.tone !== tone) this.content = { box, tone, inside: <Content box={box} tone={tone} members={members} /> };
    const classes = ["box", box.role, unsourced(box) ? "unsourced" : "", selected ? "selected" : "", faded ? "faded" : "", members ? "group" : ""];
    return (
      <g
        class={classes.filter(Boolean).join(" ")}
        data-box={box.name}
        transform={`translate(${left(layer)},${upper(row)})`}
        tabindex={reached ? 0 : -1}
        role="button"
        aria-pressed={selected}
        onClick={() => select(box.name)}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === " ") {
            select(box.name);
            event.preventDefault();
            event.stopPropagation();
          }
        }}
      >
        {this.content.inside}
      </g>
    );
  }
}

function Content({ box, tone, members }: { box: Box; tone: Tone | undefined; members: number | undefined }) {
  const element = box.elements[0];
  const many = box.elements.length > 1;
  const value = members ? `${members} quantities` : many ? counted(box.elements.length, Object.keys(box.dims)[0] ?? "label") : (element?.value ?? "");
  const below = many ? ends(box) : (element?.range ?? "");
  const drawn = element?.shape !== undefined && !many && !element.chance;
  const marked = tone || unsourced(box) ? 18 : 0;
  const fit = (text: string, width: number, font: string) => (many ? fitted([text, `${box.elements.length} values`], width, font) : members ? cut(text, width, font) : fitting(text, width, font));
  const room = drawn ? WIDTH - 62 : WIDTH - 16;
  return (
    <>
      <rect width={WIDTH} height={HEIGHT} rx={box.role === "constant" ? 0 : 7} stroke-dasharray={box.file ? "4 3" : undefined} />
      <title>{[`${spoken(box.name)}: ${value} ${below}`, unsourced(box) && "without a source of its own", tone && MARKS[tone][1]].filter(Boolean).join("; ")}</title>
      <text aria-hidden="true" class="name from-near" x={8} y={16}>{cut(spoken(box.name), WIDTH - 14 - marked, "600 11.5px sans")}</text>
      <text aria-hidden="true" class="value from-near" x={8} y={34}>{fit(value, room, "600 14px serif")}</text>
      <text aria-hidden="true" class="range from-near" x={8} y={49}>{fitting(below, room, "10.5px sans")}</text>
      <text aria-hidden="true" class="name from-far" x={7} y={22}>{cut(spoken(box.name), WIDTH - 12 - marked, "18px sans")}</text>
      <text aria-hidden="true" class="value from-far" x={7} y={46}>{fit(value, WIDTH - 14, "600 21px serif")}</text>
      {marked > 0 && <text aria-hidden="true" class={`mark ${tone ?? ""}`} x={WIDTH - 7} y={17} text-anchor="end">{tone ? MARKS[tone][0] : "?"}</text>}
      {drawn && (
        <g class="small from-near" transform={`translate(${WIDTH - 52},${22})`}>
          <Small box={box} />
        </g>
      )}
    </>
  );
}

function Small({ box }: { box: Box }) {
  const element = box.elements[0]!;
  return (
    <svg width={46} height={30} aria-hidden="true">
      <Distribution shape={element.shape!} numbers={element.numbers} unit={box.unit} width={46} height={30} bare label={box.name} />
    </svg>
  );
}

/** 5 tasks, 2 categories, 3 drugs of a dimension that is called so. */
function counted(count: number, what: string): string {
  return `${count} ${count === 1 || what.endsWith("s") ? what : `${what.replace(/([^aeiou])y$/, "$1ie")}s`}`;
}

/** The first and the last value where they rise or fall all the way, else the least and the greatest; one that is the same
 * everywhere is said once. */
function ends(box: Box): string {
  const there = box.elements.filter((each) => each.numbers.mean !== null);
  const means = there.map((each) => each.numbers.mean!);
  const goes = (up: number) => means.every((mean, k) => k === 0 || up * (mean - means[k - 1]!) >= 0);
  const course = goes(1) || goes(-1);
  if (!course) there.sort((a, b) => a.numbers.mean! - b.numbers.mean!);
  const [first, last] = [there[0], there.at(-1)];
  if (!first || !last) return "";
  if (there.length > 1 && there.every((each) => each.value === first.value)) return `${first.value} each`;
  const own = unitOf(last.value);
  const start = own && first.value.endsWith(own) ? first.value.slice(0, -own.length) : first.value;
  return course ? `${start} … ${last.value}` : `${start} to ${last.value}`;
}

export type Tone = "good" | "known" | "bad";

const MARKS: Record<Tone, [string, string]> = {
  good: ["✓", "published figures hold"],
  known: ["○", "a published figure falls short, as expected, or is undecided"],
  bad: ["✗", "a published figure does not come out as expected"],
};

/** What becomes of the claims on a quantity; undefined where there is none. */
export function toneOf(claims: Claim[]): Tone | undefined {
  if (!claims.length) return undefined;
  if (claims.some((each) => !each.as_expected)) return "bad";
  return claims.every((each) => each.verdict === "holds") ? "good" : "known";
}

/** An input of which no document says how large it is. */
export function unsourced(box: Box): boolean {
  return (box.role === "draw" || box.role === "constant") && (box.inferred || !box.source);
}

export function Legend({ view }: { view: View }) {
  const has = (role: string) => view.boxes.some((box) => box.role === role);
  const kinds: [string, string][] = [["constant", "known"], ["draw", "uncertain input"], ["derived", "follows"], ["output", "answer"]];
  return (
    <p class="legend">
      {kinds.filter(([role]) => has(role)).map(([role, word]) => (
        <span><i class={`key ${role}`} />{word}</span>
      ))}
      {view.boxes.some(unsourced) && <span><b class="mark">?</b> no source of its own</span>}
      {view.claims.length > 0 && <span><b class="mark good">✓</b> <b class="mark known">○</b> <b class="mark bad">✗</b> published figures hold, fall short as expected, do not</span>}
      {view.boxes.some((box) => box.file) && <span><i class="key imported" />from another file</span>}
    </p>
  );
}
