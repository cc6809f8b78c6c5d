// The plan that the page holds; docs/html-report.md tells the parts. Money is in hundredths of 万元.

// Large plans are compressed; null where the browser is too old to unpack them: then the page says so.
async function planData() {
  const block = byId("plan");
  if (block.type === "application/json") return JSON.parse(block.textContent);
  if (!window.DecompressionStream) {
    byId("too-old").hidden = false;
    return null;
  }
  const bytes = Uint8Array.from(atob(block.textContent), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(unpacked).text());
}

const plan = await planData();
if (plan === null) return;
const YEARS = plan.years;
const FIRST = YEARS[0];
const LAST = YEARS[YEARS.length - 1];
const pooled = (number) => plan.texts[number];

const projects = (() => {
  const names = Object.keys(plan.projects);
  const length = names.length === 0 ? 0 : plan.projects.key.length ?? 1;
  const columns = names.map((name) => [name, plan.projects[name]]);
  return Array.from({ length }, (_, n) => {
    const project = { n };
    for (const [name, column] of columns) project[name] = Array.isArray(column) ? column[n] : column.all;
    return completed(project);
  });
})();

function completed(project) {
  project.selected = project.start !== null;
  project.late = project.selected && project.due !== null && project.opens > project.due;
  project.byYear = new Array(YEARS.length).fill(0);
  project.spend.slice(1).forEach((amount, n) => (project.byYear[project.spend[0] + n] = amount));
  project.paid = sum(project.byYear);
  project.payers = new Set();
  for (let n = 1; n < project.draws.length; n += 3) project.payers.add(project.draws[n]);
  project.estimated = new Set(project.estimates.map(([name]) => name));
  const words = [project.key, plain(project.name), pooled(project.lead), pooled(project.location)];
  project.found = words.join(" ").toLowerCase();
  project.reason = project.reason && reasonParts(project.reason);
  project.delayed = project.selected && project.reason !== null;
  return project;
}

// A flat list as lists of so many.
function chunks(flat, size) {
  return Array.from({ length: flat.length / size }, (_, n) => flat.slice(n * size, (n + 1) * size));
}

function reasonParts([code, name, text, outranked, least, forced]) {
  return { code, name: pooled(name), text: pooled(text), outranked, least: least && leastParts(least), forced: forced && forcedParts(forced) };
}

function leastParts([start, proven, raises, others]) {
  return { start, proven: Boolean(proven), raises: chunks(raises, 3), others: chunks(others, 2) };
}

function forcedParts([start, proven, seatYears, spend, moves, changes]) {
  return { start, proven: Boolean(proven), seatYears, spend, moves: chunks(moves, 3), changes: chunks(changes, 2) };
}

const stageName = (stage) => plan.stages[stage][1];
const stageCode = (stage) => plan.stages[stage][0];
const stageColour = (stage) => getComputedStyle(document.documentElement).getPropertyValue(`--${stageCode(stage)}`).trim();
const countyName = (county) => (county < 0 ? say("county.shared") : plan.counties[county]);
const about = (project, field) => (project.estimated.has(field) ? "≈ " : "");

const SIGNS = ["●", "◐", "○"];
const basisText = (basis) => [el("span", { class: "basis" }, SIGNS[basis]), " ", ...show(plan.bases[basis])];

function stageChip(stage) {
  return el("span", { class: `chip s-${stageCode(stage)}` }, ...show(stageName(stage)));
}
