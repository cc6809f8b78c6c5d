// Seats by cell: a chart for any choice of county, zone and stage, and a table of the cells behind it.

function startSeats() {
  const county = byId("s-county");
  const zone = byId("s-zone");
  const stage = byId("s-stage");
  const used = (part) => [...new Set(plan.seats.map((cell) => cell[part]))];
  options(county, [["", say("all_counties")], ...used(0).map((n) => [n, plan.counties[n]])]);
  options(stage, [["", say("html.all")], ...used(2).sort((a, b) => a - b).map((n) => [n, stageName(n)])]);
  const fits = (cell) => [county, zone, stage].every(({ value }, part) => value === "" || cell[part] === Number(value));
  const zones = () => {
    const own = plan.seats.filter((cell) => county.value === "" || cell[0] === Number(county.value));
    options(zone, [["", say("html.all")], ...[...new Set(own.map((cell) => cell[1]))].map((n) => [n, pooled(n)])]);
  };
  zones();
  const charts = [makeChart(byId("short-chart"), count), makeChart(byId("seats-chart"), count)];
  let cells = [];
  const table = seatsTable(() => cells);
  const redraw = () => {
    cells = plan.seats.filter(fits);
    table.draw();
    drawSeats(charts, cells);
  };
  county.addEventListener("change", () => {
    zones();
    redraw();
  });
  zone.addEventListener("change", redraw);
  stage.addEventListener("change", redraw);
  redraw();
}

const STAGE_DECALS = [undefined, stripes("#ffffff", Math.PI / 4), undefined, stripes("#ffffff", -Math.PI / 4), stripes("#ffffff", 0)];

function shortageByStage(cells) {
  const stages = [...new Set(cells.map((cell) => cell[2]))].sort((a, b) => a - b);
  const series = stages.map((stage) => {
    const data = YEARS.map((_, n) => sum(cells.filter((cell) => cell[2] === stage).map((cell) => cell[5][n])));
    return columnSeries(plain(stageName(stage)), data, { color: stageColour(stage), decal: STAGE_DECALS[stage] });
  });
  return series.filter(({ data }) => data.some(Boolean));
}

function drawSeats([byStage, chart], cells) {
  const total = (part) => YEARS.map((_, n) => sum(cells.map((cell) => cell[part][n])));
  const short = shortageByStage(cells);
  byStage(short, plain(say("html.seats.by_stage")));
  const [demand, supply, shortage] = [3, 4, 5].map(total);
  const seated = demand.map((children, n) => children - shortage[n]);
  const series = [
    columnSeries(plain(say("html.seats.seated")), seated, { color: "#9db8dc" }),
    columnSeries(plain(say("html.seats.short")), shortage, { color: "#fbe3e0", decal: stripes("#b42318", Math.PI / 4) }),
    lineSeries(plain(say("html.seats.supply")), supply, { color: "#14532d", symbol: "diamond" }),
  ];
  chart(series, plain(say("html.seats.chart")));
  const demanded = { name: plain(say("seats.demand")), data: demand };
  figureTable(byId("seats-figures"), say("html.seats.chart"), [demanded, ...series, ...short], count);
}

const SEAT_PARTS = ["demand", "supply", "shortage"];

function seatsTable(rows) {
  const titles = ["county", "zone", "stage", "item"];
  const head = el("tr", {}, ...titles.map((key) => heading(say(key))), ...yearHeadings());
  return slicedTable(byId("seats-table"), {
    caption: say("html.seats.table"),
    classes: "tight",
    head: [head],
    rows,
    row: (cell) => cellRows(cell),
    empty: () => say("html.seats.none"),
  });
}

function cellRows([county, zone, stage, ...parts]) {
  const span = (...children) => el("th", { scope: "rowgroup", class: "cell", rowspan: parts.length }, ...children);
  const titles = [span(...show(countyName(county))), span(...show(pooled(zone))), span(stageChip(stage))];
  return parts.map((figures, part) => {
    const isShortage = SEAT_PARTS[part] === "shortage";
    return el(
      "tr",
      { class: part === 0 ? "group" : false, "data-part": SEAT_PARTS[part] },
      ...(part === 0 ? titles : []),
      el("td", {}, ...show(say(`seats.${SEAT_PARTS[part]}`))),
      ...figures.map((seats) => (isShortage ? shortageCell(seats) : figure(count(seats)))),
    );
  });
}

function shortageCell(seats) {
  return el("td", { class: seats ? "num short" : "num good" }, seats ? count(seats) : "✓");
}
