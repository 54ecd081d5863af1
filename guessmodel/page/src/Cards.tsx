// The answers: a number in a sentence, its picture, what was published, what drives it most.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { AnswerView, Box, Card, Claim, ElementView, View } from "./data";
import { answerOf, elementOf, spoken } from "./data";
import { Distribution } from "./Distribution";
import { unitOf } from "./letters";
import { useWidth } from "./width";

interface Props {
  view: View;
  before?: Map<string, Box> | undefined;
  select: (name: string) => void;
}

export function Cards({ view, before, select }: Props) {
  return (
    <section class="cards" aria-label="Answers in pictures">
      {view.cards.map((card) => {
        const box = view.boxes.find((each) => each.name === card.name);
        return (
          box && (
            <AnswerCard card={card} box={box} claims={view.claims} before={before?.get(card.name)}>
              <button type="button" class="link" onClick={() => select(card.name)}>how it is computed</button>
            </AnswerCard>
          )
        );
      })}
    </section>
  );
}

/** The cards of several models, each with the way to its page. */
export function Models({ answers }: { answers: AnswerView[] }) {
  return (
    <section class="cards" aria-label="Answers in pictures">
      {answers.map(({ model, card, box, claims }) => (
        <AnswerCard card={card} box={box} claims={claims}>
          <a href={`${encodeURIComponent(model)}.html`}>{spoken(model)}</a>
        </AnswerCard>
      ))}
    </section>
  );
}

interface CardProps {
  card: Card;
  box: Box;
  claims: Claim[];
  before?: Box | undefined;
  children: ComponentChildren;
}

function AnswerCard({ card, box, claims: all, before: old, children }: CardProps) {
  const element = elementOf(box, card.labels);
  if (!element) return null;
  const claims = card.claims.map((i) => all[i]).filter((each): each is Claim => !!each);
  const driver = element.drivers[0]?.input;
  // What an edit has changed is read from the draws; a sentence of the author is about the file.
  const value = old ? answerOf(card, element) : card.value;
  const words = old ? interval(card, element) : card.words;
  const label = `${card.title}: ${value}, ${words}`;
  return (
    <article class="card">
      <h2>{card.title}</h2>
      <Big text={value} />
      <p class="sub">{words}</p>
      {element.chance && <Chance percent={element.numbers.mean ?? 0} claims={claims} label={label} />}
      {element.shape && !element.chance && (
        <Distribution
          shape={element.shape}
          before={old && elementOf(old, card.labels)?.shape}
          numbers={element.numbers}
          unit={box.unit}
          width={320}
          height={96}
          claims={claims}
          thresholds={card.thresholds}
          label={label}
        />
      )}
      <Verdicts claims={claims} />
      <p class="foot">
        {driver && <span class="drive">mostly due to <b>{spoken(driver)}</b></span>}
        {children}
      </p>
    </article>
  );
}

/** A number, and its unit in smaller print. */
function Big({ text }: { text: string }) {
  const unit = unitOf(text);
  return (
    <p class="big">
      {text.slice(0, text.length - unit.length)}
      {unit && <span class="unit">{unit.split(/(?<=[*/(])/).flatMap((part, i) => (i ? [<wbr />, part] : [part]))}</span>}
    </p>
  );
}

function interval(card: Card, element: ElementView): string {
  if (element.chance) return card.statistic;
  if (element.range) return `${card.statistic}; 90% between ${element.range.replace(" to ", " and ")}`;
  const { mean, p5 } = element.numbers;
  if (mean === null || mean === p5) return "the same in all draws"; // which may have missed what is rare
  return `${card.statistic}; at least 90% are ${element.median}`;
}

/** A probability, as the filled part of a bar. */
export function Chance({ percent, claims, label }: { percent: number; claims: Claim[]; label: string }) {
  const published = claims.find((each) => each.kind === "probability")?.number;
  const place = useRef<SVGSVGElement>(null);
  const width = useWidth(place, 320);
  return (
    <svg class="distribution" ref={place} viewBox={`0 0 ${width} 40`} role="img" aria-label={label}>
      <rect class="tail" x={0} y={8} width={width} height={18} rx={3} />
      <rect class="mid" x={0} y={8} width={Math.max((width * percent) / 100, percent > 0 ? 1.5 : 0)} height={18} rx={3} />
      {published !== undefined && (
        <g class="published"><line x1={width * published} x2={width * published} y1={4} y2={30} /></g>
      )}
      <text class="tick" x={0} y={38}>0%</text>
      <text class="tick" x={width} y={38} text-anchor="end">100%</text>
    </svg>
  );
}

/** A line for each scenario that claims are about, with what comes of them elsewhere. */
function Verdicts({ claims }: { claims: Claim[] }) {
  if (!claims.length) return null;
  const scenarios = [...new Set(claims.map((each) => each.scenario))];
  return (
    <ul class="chips">
      {scenarios.map((scenario) => {
        const here = claims.filter((each) => each.scenario === scenario);
        const tone = here.some((each) => !each.as_expected) ? "bad" : here.some((each) => each.verdict !== "holds") ? "known" : "good";
        const mark = { good: "✓", known: "○", bad: "✗" }[tone];
        const others = [...new Set(here.flatMap((each) => each.beside.map((one) => one.scenario)))];
        const kinds = [...new Set(here.map((each) => each.tests).filter((kind) => kind !== "arithmetic"))];
        return (
          <li>
            {here.some((each) => each.kind !== "probability") && <i class="key published" />}
            <span class={`chip ${tone}`}>{`${mark} published ${span(here)}: ${verdict(here)}${scenario && ` in “${spoken(scenario)}”`}`}</span>
            {others.map((name) => `; in ${spoken(name)}: ${verdict(here.flatMap((each) => each.beside.filter((one) => one.scenario === name)))}`)}
            {kinds.length > 0 && ` (${kinds.join(", ")})`}
          </li>
        );
      })}
    </ul>
  );
}

function verdict(claims: { verdict: string; at_edge?: boolean }[]): string {
  const holding = claims.filter((each) => each.verdict === "holds").length;
  if (holding === claims.length) return claims.some((each) => each.at_edge) ? "holds, at the edge" : "holds";
  return holding ? `${holding} of ${claims.length} hold` : (claims[0]?.verdict ?? "");
}

function span(claims: Claim[]): string {
  const ones = claims.filter((each) => each.end === "");
  const one = ones[0] && { published: ones.map((each) => each.published).join(", ") };
  const [low, high] = ["low", "high"].map((end) => claims.find((each) => each.end === end));
  const signed = low && high && (low.sign !== "=" || high.sign !== "=");
  const range = low && high && signed ? `${low.published}, ${high.published}` : low && high ? `${low.published.split(" ")[0]} to ${high.published}` : "";
  if (one && ones.length < 3) return range ? `${one.published} (${range})` : one.published;
  return range || claims[0]!.published;
}
