// A slider along the values of one input, and what the answers are along them.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Box, View } from "./data";
import { spoken } from "./data";
import type { Swept } from "./live";
import type { Range } from "./scale";
import { axisOf, clamped, short, ticksOf, told } from "./scale";
import { useWidth } from "./width";

const STEPS = 24;
const FINE = 240; // steps of the slider

/** Of what varies its axis; of a constant from half of it to twice as much, or from -1 to 1. */
export function rangeOf(box: Box, index: number, value: number | null): Range | null {
  const shape = box.elements[index]?.shape;
  if (shape) return { low: shape.low, high: shape.high, log: shape.log };
  if (value === null) return null;
  if (value === 0) return { low: -1, high: 1, log: null };
  const [a, b] = [value / 2, value * 2];
  return { low: Math.min(a, b), high: Math.max(a, b), log: null };
}

export function textAt(value: number, unit: string): string {
  return `${Number(value.toPrecision(4))} ${unit}`.trim();
}

interface Props {
  view: View;
  name: string;
  range: Range;
  unit: string;
  value: number;
  swept: Swept | null;
  /** Ask for the answers at values. */
  sweep: (texts: string[]) => void;
  moved: (text: string, done: boolean) => void;
  held: (on: boolean) => void;
}

export function Sweep({ view, name, range, unit, value, swept, sweep, moved, held }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const axis = axisOf(range);
  const values = Array.from({ length: STEPS + 1 }, (_, i) => axis.value(i / STEPS));
  useEffect(() => sweep(values.map((each) => textAt(each, unit))), [range.low, range.high, range.log, unit]);
  const now = at ?? value;
  return (
    <div class="sweep">
      <label>
        <span>{`${spoken(name)} exactly ${textAt(now, unit)}`}</span>
        <input
          type="range"
          min={0}
          max={FINE}
          value={Math.round(FINE * axis.share(now))}
          aria-valuetext={textAt(now, unit)}
          onInput={(event) => {
            const next = axis.value(Number(event.currentTarget.value) / FINE);
            if (at === null) held(true);
            setAt(next);
            moved(textAt(next, unit), false);
          }}
          onChange={(event) => {
            const next = axis.value(Number(event.currentTarget.value) / FINE);
            setAt(null);
            moved(textAt(next, unit), true);
            held(false);
          }}
        />
      </label>
      {swept?.lines.map(({ answer, values: rows }) => {
        const card = view.cards[answer];
        return card && <Lines title={card.title} range={range} rows={rows} at={now} />;
      })}
    </div>
  );
}

const [USUAL, HEIGHT, FOOT] = [320, 96, 16];

/** Mean, and the interval from 5% to 95%, of an answer along the values. */
function Lines({ title, range, rows, at }: { title: string; range: Range; rows: (number | null)[][]; at: number }) {
  const picture = useRef<SVGSVGElement>(null);
  const width = useWidth(picture, USUAL);
  const found = rows.flat().filter((each): each is number => each !== null);
  const [low, high] = [Math.min(...found), Math.max(...found)];
  if (!found.length) return null;
  const x = (i: number) => (i / (rows.length - 1)) * width;
  const y = (value: number) => HEIGHT - FOOT - ((value - low) / (high - low || 1)) * (HEIGHT - FOOT - 8);
  const points = (column: number) => rows.flatMap((row, i) => (row[column] == null ? [] : [`${x(i).toFixed(1)},${y(row[column]!).toFixed(1)}`]));
  const axis = axisOf(range);
  const place = clamped(axis.share(at), 0, 1) * width;
  const k = Math.round((place / width) * (rows.length - 1));
  const ticks = ticksOf(range.low, range.high, range.log, 4);
  const texts = told(ticks);
  const label = `${title} along the values: mean from ${short(rows[0]?.[0] ?? NaN)} to ${short(rows.at(-1)?.[0] ?? NaN)}, at the slider ${short(rows[k]?.[0] ?? NaN)}`;
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg class="distribution" ref={picture} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
        <path class="tail" d={`M${[...points(1), ...points(3).reverse()].join("L")}Z`} />
        <path class="line" d={`M${points(0).join("L")}`} />
        <line class="threshold" x1={place} x2={place} y1={0} y2={HEIGHT - FOOT} />
        <text class="tick" x={0} y={10}>{short(high)}</text>
        <text class="tick" x={0} y={HEIGHT - FOOT - 2}>{short(low)}</text>
        {ticks.map((tick, i) => (
          <text class="tick" x={clamped(axis.share(tick) * width, 12, width - 12)} y={HEIGHT - 3} text-anchor="middle">{texts[i]}</text>
        ))}
      </svg>
    </figure>
  );
}
