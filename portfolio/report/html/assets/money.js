// Spend against caps: a chart for a county or a source, and every source by year.

const PARTS = ["cap", "brought_forward", "planned", "carried_forward", "lapsed"];
const MOST_SERIES = 7;

function startMoney() {
  const county = byId("m-county");
  const source = byId("m-source");
  const counties = plan.counties.map((name, n) => [n, name]);
  options(county, [["", say("all_counties")], ...counties]);
  sourceOptions(source);
  const chart = makeChart(byId("money-chart"), money);
  let listed = [];
  const table = moneyTable(() => listed);
  const redraw = () => {
    listed = chosenSources(county.value, source.value);
    table.draw();
    drawMoney(chart, county.value, listed);
  };
  county.addEventListener("change", () => {
    sourceOptions(source, (n) => county.value === "" || plan.sources[n][2] === Number(county.value));
    redraw();
  });
  source.addEventListener("change", redraw);
  redraw();
}

// Numbers of the sources of a county (all: every source), or the one that is chosen.
function chosenSources(county, source) {
  const all = plan.sources.map((_, n) => n);
  if (source !== "") return [Number(source)];
  return county === "" ? all : all.filter((n) => plan.sources[n][2] === Number(county));
}

function drawMoney(chart, county, listed) {
  const groups = new Map();
  const add = (name, amounts) => {
    if (!groups.has(name)) groups.set(name, new Array(YEARS.length).fill(0));
    amounts.forEach((amount, n) => (groups.get(name)[n] += amount));
  };
  for (const n of listed) add(plain(plan.sources[n][3]), plan.funding[n].map(([, , planned]) => planned));
  const shared = listed.length === 1 ? [] : plan.drawn.filter(([at]) => county !== "" && at === Number(county));
  for (const [, n, amounts] of shared) add(plain(plan.sources[n][1]), amounts);
  const columns = largest(groups).map(([name, data], n) => columnSeries(name, data, LOOKS[n % LOOKS.length]));
  const total = (part) => YEARS.map((_, year) => sum(listed.map((n) => plan.funding[n][year][part])));
  const cap = total(0);
  const usable = cap.map((amount, year) => amount + total(1)[year]);
  const lines = [lineSeries(plain(say("html.money.cap")), cap, { color: "#b42318", symbol: "circle" })];
  if (usable.some((amount, year) => amount !== cap[year])) {
    lines.push(lineSeries(plain(say("html.money.usable")), usable, { color: "#b42318", dashed: true, symbol: "emptyTriangle" }));
  }
  const label = plain(say("html.money.chart"));
  chart([...columns, ...lines], label);
  const paid = { name: plain(say("html.money.spend")), data: YEARS.map((_, n) => sum(columns.map(({ data }) => data[n]))) };
  figureTable(byId("money-figures"), say("html.money.chart"), [...columns, paid, ...lines], money);
  const names = [...new Set(shared.map(([, n]) => plain(plan.sources[n][1])))].join(document.documentElement.lang === "en" ? ", " : "、");
  byId("money-note").replaceChildren(...(names ? show(say("html.money.shared", { names })) : []));
}

// The largest groups; the rest are added up.
function largest(groups) {
  const ranked = [...groups].filter(([, data]) => data.some(Boolean)).sort(([, a], [, b]) => sum(b) - sum(a));
  if (ranked.length <= MOST_SERIES) return ranked;
  const rest = ranked.slice(MOST_SERIES - 1).map(([, data]) => data);
  const other = YEARS.map((_, n) => sum(rest.map((data) => data[n])));
  return [...ranked.slice(0, MOST_SERIES - 1), [plain(say("other_sources")), other]];
}

function moneyTable(rows) {
  const head = el("tr", {}, heading(say("source")), heading(say("item")), ...yearHeadings(), heading(say("total"), "num"));
  return slicedTable(byId("money-table"), {
    caption: say("html.money.table"),
    classes: "tight",
    head: [head],
    rows,
    row: (n) => sourceRows(n),
  });
}

function sourceRows(n) {
  const [key, name, county] = plan.sources[n];
  const used = PARTS.map((_, part) => part).filter((part) => part === 0 || part === 2 || plan.funding[n].some((year) => year[part]));
  const title = el("th", { scope: "rowgroup", class: "cell", rowspan: used.length + (plan.marginal.length > 0) }, ...show(name), el("span", { class: "of" }, plain(countyName(county))));
  const rows = used.map((part, line) => {
    const amounts = plan.funding[n].map((year) => year[part]);
    const totals = part === 0 || part === 2 || part === 4;
    return el(
      "tr",
      { class: line === 0 ? "group" : false, "data-source": key, "data-part": PARTS[part] },
      line === 0 ? title : null,
      el("td", {}, ...show(say(`funding.${PARTS[part]}`))),
      ...amounts.map((amount) => figure(money(amount))),
      figure(totals ? money(sum(amounts)) : ""),
    );
  });
  return plan.marginal.length ? [...rows, marginalRow(n, key)] : rows;
}

// What more money would be worth; a dash where that was not worked out, which is not 0.
function marginalRow(n, key) {
  return el(
    "tr",
    { class: "marginal", "data-source": key, "data-part": "marginal" },
    el("td", {}, ...show(say("marginal")), el("span", { class: "of" }, ...show(say("marginal.unit")))),
    ...plan.marginal[n].map((value) => el("td", { class: value ? "num" : "num zero" }, value === null ? "–" : precise.format(value))),
    el("td"),
  );
}
