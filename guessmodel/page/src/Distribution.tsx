// One distribution: its form, the 90% interval filled, the median, published figures, thresholds.

import { useRef, useState } from "preact/hooks";
import type { Claim, Numbers, Shape } from "./data";
import type { Grip } from "./drag";
import { axisOf, clamped, scaleOf, short, ticksOf, told } from "./scale";
import { useWidth } from "./width";

interface Props {
  shape: Shape;
  numbers: Numbers;
  unit: string;
  width: number;
  height: number;
  /** A ghost of what it was before an edit. */
  before?: Shape | undefined;
  claims?: Claim[];
  /** What the result is compared with, marked where it lies on the axis. */
  thresholds?: number[];
  /** Read the quantile under the pointer. */
  readable?: boolean;
  /** The curve can be dragged. */
  grip?: Grip | undefined;
  /** A thumbnail has no axis. */
  bare?: boolean;
  label: string;
}

const FOOT = 16;
const NEAR = 10; // to an end of the interval, which is then dragged alone

export function Distribution(props: Props) {
  const { shape, numbers, height, bare } = props;
  const [at, setAt] = useState<number | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const width = useWidth(svg, props.width, !bare);
  const published = bare ? [] : spans(props.claims ?? []);
  // What it is held against is on the axis too, if it is not far away.
  const [low, high] = props.grip || bare ? [shape.low, shape.high] : reaching(shape, [...published.flat(), ...(props.thresholds ?? [])]);
  const axis = axisOf({ low, high, log: shape.log });
  const floor = height - (bare ? 1 : FOOT);
  const top = bare ? 1 : 8;
  const x = (value: number) => axis.share(value) * width;
  const y = (share: number) => floor - share * (floor - top);
  const inside = (value: number | null): value is number =>
    value !== null && value >= low && value <= high;
  const { grip } = props;
  const pointed = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (box && props.readable && !event.buttons) setAt(((event.clientX - box.left) / box.width) * width);
  };
  const value = at === null ? null : axis.value(at / width);

  return (
    <svg
      ref={svg}
      class={`distribution${bare ? " bare" : ""}${grip ? " grip" : ""}`}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={props.label}
      onPointerMove={pointed}
      onPointerLeave={() => setAt(null)}
      onPointerDown={grip && ((event: PointerEvent) => {
        const { left, width: wide } = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : { left: 0, width: 1 };
        const here = ((event.clientX - left) / wide) * width;
        const near = (end: 0 | 1) => grip.at !== null && Math.abs(here - x(grip.at[end])) < NEAR;
        setAt(null);
        grip.begin(event, near(0) ? 0 : near(1) ? 1 : 2);
      })}
    >
      <Form shape={shape} x={x} y={y} class="tail" few={width < 60} />
      {numbers.p5 !== null && numbers.p95 !== null && (
        <Form shape={shape} x={x} y={y} class="mid" few={width < 60} within={[numbers.p5, numbers.p95]} />
      )}
      {props.before && (
        <svg x={0} y={0} width={width} height={height} overflow="hidden">
          <Form shape={props.before} x={x} y={y} class="ghost" />
        </svg>
      )}
      {inside(numbers.p50) && shape.kind === "curve" && (
        <line class="median" x1={x(numbers.p50)} x2={x(numbers.p50)} y1={top} y2={floor} />
      )}
      <line class="axis" x1={0} x2={width} y1={floor} y2={floor} />
      {!bare && <Ticks {...props} width={width} low={low} high={high} x={x} floor={floor} />}
      {!bare && (props.thresholds ?? []).filter(inside).map((each) => (
        <g>
          <line class="threshold" x1={x(each)} x2={x(each)} y1={0} y2={floor} />
          <text class="of-threshold" x={x(each) + (x(each) > width / 2 ? -4 : 4)} y={8} text-anchor={x(each) > width / 2 ? "end" : "start"}>{short(each)}</text>
        </g>
      ))}
      {published.map(([from, to, dot]) => (
        <g class="published">
          {from !== null && to !== null && (
            <line x1={clamped(x(from), 0, width)} x2={clamped(x(to), 0, width)} y1={floor - 4} y2={floor - 4} />
          )}
          {[from, to].map((end) => end !== null && !inside(end) && <Beyond at={end < low ? 0 : width} y={floor - 4} />)}
          {dot !== null && inside(dot) && <circle cx={x(dot)} cy={floor - 4} r={3} />}
        </g>
      ))}
      {value !== null && at !== null && (
        <g class="pointer">
          <line x1={at} x2={at} y1={0} y2={floor} />
          <text x={clamped(at, 50, width - 50)} y={10} text-anchor="middle">
            {`${short(value)}: ${rank(shape, value)}`}
          </text>
        </g>
      )}
    </svg>
  );
}

/** An interval that goes on beyond the picture. */
function Beyond({ at, y }: { at: number; y: number }) {
  const back = at === 0 ? 7 : -7;
  return <path d={`M${at},${y} l${back},-4 v8 Z`} />;
}

const FARTHEST = 0.7; // of the width of a form, by which its picture may grow
const MARGIN = 0.02;

/** The ends of an axis for a form and what is marked beside it. */
function reaching(shape: Shape, marks: (number | null)[]): [number, number] {
  const axis = axisOf(shape);
  let [low, high] = [0, 1];
  for (const mark of marks) {
    const place = mark === null ? NaN : axis.share(mark);
    if (place < low && place > -FARTHEST) low = place - MARGIN;
    if (place > high && place < 1 + FARTHEST) high = place + MARGIN;
  }
  return [low === 0 ? shape.low : axis.value(low), high === 1 ? shape.high : axis.value(high)];
}

interface FormProps {
  shape: Shape;
  x: (value: number) => number;
  y: (share: number) => number;
  class: string;
  /** Few points will do. */
  few?: boolean;
  /** Only what lies between two values. */
  within?: [number, number];
}

const FEW = 3; // every third point of a thumbnail

function Form({ shape, x, y, class: name, few, within }: FormProps) {
  const [low, high] = within ?? [-Infinity, Infinity];
  if (shape.kind === "curve") {
    const points = pointsOf(shape, x, y, few ? FEW : 1);
    return <path class={name} d={outline(within ? between(points, x(low), x(high)) : points, y(0))} />;
  }
  if (shape.kind === "bars") {
    return (
      <g class={name}>
        {shape.y.map((height, i) => {
          const left = x(Math.max(shape.x[i] ?? 0, low));
          const right = x(Math.min(shape.x[i + 1] ?? 0, high));
          return right < left ? null : <rect x={left} width={Math.max(right - left, 0.5)} y={y(height)} height={y(0) - y(height)} />;
        })}
      </g>
    );
  }
  return (
    <g class={`${name} stems`}>
      {shape.x.map((each, i) => each >= low && each <= high && <line x1={x(each)} x2={x(each)} y1={y(0)} y2={y(shape.y[i] ?? 1)} />)}
    </g>
  );
}

type Point = [number, number];

/** A curve on the screen, every so many points of it and the last. */
function pointsOf(shape: Shape, x: (value: number) => number, y: (share: number) => number, step: number): Point[] {
  const count = shape.y.length;
  const [first, last] = [x(shape.low), x(shape.high)];
  const at = (i: number): Point => [shape.x.length ? x(shape.x[i]!) : first + ((i + 0.5) / count) * (last - first), y(shape.y[i]!)];
  const found: Point[] = [];
  for (let i = 0; i < count; i += step) found.push(at(i));
  if ((count - 1) % step) found.push(at(count - 1));
  return found;
}

/** The points of a line between two places, with its heights there. */
function between(points: Point[], from: number, to: number): Point[] {
  const low = Math.max(from, points[0]?.[0] ?? 0);
  const high = Math.min(to, points.at(-1)?.[0] ?? 0);
  if (!(low < high)) return [];
  const height = (at: number) => {
    const beyond = points.findIndex(([px]) => px > at);
    const i = (beyond < 0 ? points.length : beyond) - 1;
    const [[ax, ay], [bx, by]] = [points[i]!, points[i + 1] ?? points[i]!];
    return ay + ((by - ay) * (at - ax)) / (bx - ax || 1);
  };
  return [[low, height(low)], ...points.filter(([px]) => px > low && px < high), [high, height(high)]];
}

/** The path around what lies below a curve. */
function outline(points: Point[], floor: number): string {
  if (!points.length) return "";
  let path = `M${tenth(points[0]![0])},${tenth(floor)}`;
  for (const [px, py] of points) path += `L${tenth(px)},${tenth(py)}`;
  return `${path}L${tenth(points.at(-1)![0])},${tenth(floor)}Z`;
}

function tenth(x: number): number {
  return Math.round(x * 10) / 10;
}

/** Values at which the heights of a shape stand. */
function valuesOf(shape: Shape): number[] {
  if (shape.kind !== "curve" || shape.x.length) return shape.x;
  const axis = axisOf(shape);
  return shape.y.map((_, i) => axis.value((i + 0.5) / shape.y.length));
}

function Ticks({ shape, unit, width, low, high, x, floor }: Props & { low: number; high: number; x: (v: number) => number; floor: number }) {
  if (shape.words.length) {
    return (
      <>
        {shape.words.map((word, i) => (
          <text class="tick" x={x(i)} y={floor + 12} text-anchor="middle">{word}</text>
        ))}
      </>
    );
  }
  const ticks = ticksOf(low, high, shape.log, Math.max(Math.floor(width / 80), 2));
  const texts = told(ticks);
  return (
    <>
      {ticks.map((tick, i) => {
        const place = x(tick);
        const anchor = place < 14 ? "start" : place > width - 14 ? "end" : "middle";
        return (
          <g>
            <line class="axis" x1={place} x2={place} y1={floor} y2={floor + 3} />
            <text class="tick" x={place} y={floor + 13} text-anchor={anchor}>
              {unit === "percent" ? `${texts[i]}%` : texts[i]}
            </text>
          </g>
        );
      })}
    </>
  );
}

/** Published intervals and single figures: low, high, dot. */
function spans(claims: Claim[]): [number | null, number | null, number | null][] {
  const low = claims.find((each) => each.end === "low");
  const high = claims.find((each) => each.end === "high");
  const one = claims.find((each) => each.end === "" && each.sign === "=" && each.kind !== "probability");
  if (!low && !high && !one) return [];
  return [[low?.number ?? null, high?.number ?? null, one?.number ?? null]];
}

/** Which share of the draws lies below a value, from the form alone. */
function rank(shape: Shape, value: number): string {
  const scale = scaleOf(shape.log);
  const x = valuesOf(shape);
  let below = 0;
  let all = 0;
  const steps = shape.kind === "bars" ? shape.y.length : x.length - 1;
  for (let i = 0; i < steps; i++) {
    const [a, b] = [scale.position(x[i] ?? 0), scale.position(x[i + 1] ?? 0)];
    const [p, q] = shape.kind === "bars" ? [shape.y[i] ?? 0, shape.y[i] ?? 0] : [shape.y[i] ?? 0, shape.y[i + 1] ?? 0];
    const mass = shape.kind === "bars" ? p : ((p + q) / 2) * (b - a);
    all += mass;
    const reached = clamped((scale.position(value) - a) / (b - a || 1), 0, 1);
    below += mass * reached;
  }
  if (shape.kind === "discrete" || shape.kind === "point") {
    all = shape.y.reduce((sum, each) => sum + each, 0);
    below = shape.x.reduce((sum, each, i) => sum + (each <= value ? shape.y[i] ?? 0 : 0), 0);
  }
  const share = (100 * below) / (all || 1);
  // Neither none nor all, where it is nearly that.
  if (share > 0 && share < 0.05) return "<0.1% below";
  if (share < 100 && share >= 99.95) return ">99.9% below";
  const text = share < 1 || share > 99 ? share.toFixed(1) : share.toFixed(0);
  return `${text}% below`;
}
