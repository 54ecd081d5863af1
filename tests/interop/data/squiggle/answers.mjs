// What Squiggle's own engine makes of the scripts in this folder, for the tests of the importer.
//
//     cd /tmp && npm install @quri/squiggle-lang@0.10.0
//     TZ=UTC node tests/interop/data/squiggle/answers.mjs /tmp/node_modules/@quri/squiggle-lang
//
// Each script is run with several seeds. Of every number, and of every statistic of every
// distribution, answers.json has the mean over the seeds and the standard error of that mean.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SEEDS = 16;
const SAMPLES = 20000;
const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

const folder = dirname(fileURLToPath(import.meta.url));
const home = resolve(process.argv[2]);
const load = (path) => import(pathToFileURL(join(home, "dist", path)).href);
const { SqProject } = await load("public/SqProject/index.js");
const { SqModule } = await load("public/SqProject/SqModule.js");
const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));

const linker = {
  resolve: (name) => name.replace("./", ""),
  loadModule: async (name) =>
    new SqModule({ name, code: readFileSync(join(folder, name), "utf8") }),
};

async function answers(name, seed) {
  const environment = { sampleCount: SAMPLES, xyPointLength: 2000, seed: `seed ${seed}` };
  const project = new SqProject({ environment, linker });
  project.setHead("root", {
    module: new SqModule({ name, code: readFileSync(join(folder, name), "utf8") }),
  });
  const output = await project.waitForOutput("root");
  if (!output.result.ok) throw new Error(`${name}: ${output.result.value}`);
  const found = {};
  for (const [key, value] of output.result.value.bindings.entries()) collect([key], value, found);
  collect(["result"], output.result.value.result, found);
  return found;
}

function collect(path, value, found) {
  const key = path.join(".");
  if (value.tag === "Number") found[key] = { kind: "number", value: [value.value] };
  else if (value.tag === "Bool") found[key] = { kind: "truth", value: [Number(value.value)] };
  else if (value.tag === "String") found[key] = { kind: "text", text: value.value };
  else if (value.tag === "Dist") {
    const dist = value.value._value;
    const kind = dist.constructor.name === "SampleSetDist" ? "samples" : "shape";
    const sd = dist.stdev();
    const statistics = [dist.mean(), sd.ok ? sd.value : NaN, ...LEVELS.map((p) => dist.inv(p))];
    found[key] = { kind, value: statistics };
  } else if (value.tag === "Array") {
    value.value.getValues().forEach((item, i) => collect([...path, i], item, found));
  } else if (value.tag === "Dict") {
    for (const [name, item] of value.value.entries()) collect([...path, name], item, found);
  }
}

function summary(runs) {
  const [first] = runs;
  if (first.kind === "text") return first;
  const columns = first.value.map((_, i) => runs.map((run) => run.value[i]));
  const means = columns.map((xs) => xs.reduce((a, b) => a + b, 0) / SEEDS);
  const errors = columns.map((xs, i) => {
    const squares = xs.reduce((a, x) => a + (x - means[i]) ** 2, 0);
    return Math.sqrt(squares / (SEEDS - 1) / SEEDS);
  });
  return { kind: first.kind, value: means.map(rounded), error: errors.map(rounded) };
}

const rounded = (x) => (Number.isFinite(x) ? Number(x.toPrecision(9)) : null);

const scripts = {};
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith(".squiggle")) continue;
  const runs = [];
  for (let seed = 0; seed < SEEDS; seed++) runs.push(await answers(name, seed));
  scripts[name] = Object.fromEntries(
    Object.keys(runs[0]).map((key) => [key, summary(runs.map((run) => run[key]))])
  );
  console.log(name, Object.keys(scripts[name]).length);
}
const statistics = ["mean", "sd", ...LEVELS];
const all = { engine: `@quri/squiggle-lang ${version}`, seeds: SEEDS, samples: SAMPLES, statistics };
const lines = Object.entries(scripts).map(
  ([name, found]) =>
    ` ${JSON.stringify(name)}: {\n` +
    Object.entries(found)
      .map(([key, answer]) => `  ${JSON.stringify(key)}: ${JSON.stringify(answer)}`)
      .join(",\n") +
    "\n }"
);
const head = JSON.stringify(all).slice(0, -1);
writeFileSync(join(folder, "answers.json"), `${head},\n"scripts": {\n${lines.join(",\n")}\n}}\n`);
