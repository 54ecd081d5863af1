// Numbers on an axis and back (linear, logarithmic, or logarithmic beyond a size), and as text.

const LN10 = Math.LN10;

export interface Scale {
  position(x: number): number;
  value(position: number): number;
}

/** As `numerics/scales.py` has it: `threshold` null is linear, 0 logarithmic. */
export function scaleOf(threshold: number | null): Scale {
  if (threshold === null) return { position: (x) => x, value: (p) => p };
  if (threshold === 0) return { position: Math.log10, value: (p) => 10 ** p };
  return {
    position: (x) => {
      const size = Math.abs(x) / threshold;
      return Math.sign(x) * (size <= 1 ? size / LN10 : 1 / LN10 + Math.log10(size));
    },
    value: (p) => {
      const size = Math.abs(p) * LN10;
      return threshold * Math.sign(p) * (size <= 1 ? size : Math.exp(size - 1));
    },
  };
}

/** Two ends, and the scale between them. */
export interface Range {
  low: number;
  high: number;
  /** The threshold of `scaleOf`. */
  log: number | null;
}

/** Values by their place between the ends of a range, 0 at the low one and 1 at the high one. */
export interface Axis {
  share(value: number): number;
  value(share: number): number;
}

export function axisOf(range: Range): Axis {
  const scale = scaleOf(range.log);
  const first = scale.position(range.low);
  const span = scale.position(range.high) - first;
  return {
    share: (value) => (scale.position(value) - first) / (span || 1),
    value: (share) => scale.value(first + share * span),
  };
}

export function clamped(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** Round numbers between two ends, some `most` of them, and two at least: one tells no scale. */
export function ticksOf(low: number, high: number, threshold: number | null, most: number): number[] {
  if (!(high > low)) return [];
  if (threshold === 0 && high / low > 8) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const step = Math.max(1, Math.ceil((last - first + 1) / most));
    const found: number[] = [];
    for (let e = first; e <= last; e += step) found.push(10 ** e);
    if (found.length > 1) return found;
  }
  if (threshold !== null && threshold > 0) {
    const top = Math.max(Math.abs(low), Math.abs(high));
    const far = 10 ** Math.floor(Math.log10(top));
    return [-far, 0, far].filter((x) => x >= low && x <= high);
  }
  const raw = (high - low) / most;
  const size = 10 ** Math.floor(Math.log10(raw));
  const usual = [1, 2, 5, 10].find((each) => each * size >= raw) ?? 10;
  let found: number[] = [];
  for (const step of [10, 5, 2, 1, 0.5, 0.2].filter((each) => each <= usual).map((each) => each * size)) {
    found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-12) + 1e-300; k++) found.push(k * step);
    if (found.length > 1) break;
  }
  return found.slice(0, most + 2);
}

const SUFFIXES: [number, string][] = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]];

/** Three digits, with K, M, B and T from ten thousand on. */
export function short(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return "–";
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return x.toExponential(1).replace(".0e", "e").replace("e+", "e");
  for (const [unit, suffix] of SUFFIXES) {
    if (size >= unit && size >= 1e4) return trimmed(x / unit, digits) + suffix;
  }
  return trimmed(x, digits);
}

/** Each with as many digits as tell them all apart: years are 2028 and 2029, not 2030 twice. */
export function told(values: number[]): string[] {
  for (let digits = 3; ; digits++) {
    const texts = values.map((x) => short(x, digits));
    if (digits === 12 || new Set(texts).size === new Set(values).size) return texts;
  }
}

function trimmed(x: number, digits: number): string {
  const text = Number(x.toPrecision(digits)).toString();
  return text.replace("-", "−");
}
