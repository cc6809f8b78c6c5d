// Charts by ECharts on canvas: nothing moves, patterns tell the series apart in black and white.

const FONT = getComputedStyle(document.body).fontFamily;
const charts = [];
const PAPER = { whole: { width: 1040, height: 350 }, half: { width: 510, height: 350 } };

const LOOKS = [
  { color: "#1f3a5f" },
  { color: "#5b9bd5", decal: { symbol: "none" } },
  { color: "#cfe8e0", decal: stripes("#1f8a7d", Math.PI / 4) },
  { color: "#e8b84e" },
  { color: "#ead3e7", decal: stripes("#8c4a86", -Math.PI / 4) },
  { color: "#b9c0cc" },
  { color: "#f6e3d2", decal: stripes("#b5651d", 0) },
  { color: "#6b7280" },
];

function stripes(color, rotation) {
  return { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation, color };
}

function columnSeries(name, data, look) {
  const { color, decal = { symbol: "none" } } = look;
  const border = { borderColor: "#44536b", borderWidth: 0.6 };
  return { name, type: "bar", stack: "all", barMaxWidth: 56, data, itemStyle: { color, decal, ...border } };
}

function lineSeries(name, data, { color, dashed = false, symbol = "circle" }) {
  const lineStyle = { color, width: 2.5, type: dashed ? "dashed" : "solid" };
  return { name, type: "line", data, symbol, symbolSize: 8, z: 5, itemStyle: { color }, lineStyle };
}

// A chart in `box`; `show(series, label)` draws it anew. `text` turns a value into words.
function makeChart(box, text) {
  box.setAttribute("role", "img");
  const chart = echarts.init(box, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio) });
  const axis = { axisLine: { lineStyle: { color: "#8a94a6" } }, axisTick: { show: false }, axisLabel: { color: "#1f2937", fontSize: 13 } };
  const base = {
    animation: false,
    textStyle: { fontFamily: FONT },
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, textStyle: { color: "#1f2937", fontSize: 13 }, axisPointer: { type: "shadow" }, valueFormatter: text },
    xAxis: { type: "category", data: YEARS.map(String), ...axis },
    yAxis: { type: "value", min: 0, splitLine: { lineStyle: { color: "#e3e7ee" } }, ...axis, axisLabel: { ...axis.axisLabel, formatter: text } },
  };
  const draw = { chart, series: [], paper: box.closest(".charts") ? PAPER.half : PAPER.whole };
  charts.push(draw);
  return (series, label) => {
    draw.series = series;
    box.setAttribute("aria-label", label);
    chart.setOption({ ...base, ...legendAndGrid(chart, series), series }, { notMerge: true });
  };
}

// The legend takes as many lines as its words need; the grid stands below it.
function legendAndGrid(chart, series) {
  const room = chart.getWidth() - 10;
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `13px ${FONT}`;
  let lines = 1;
  let used = 0;
  for (const { name } of series) {
    const width = pen.measureText(name).width + 42;
    if (used + width > room && used > 0) {
      lines += 1;
      used = 0;
    }
    used += width;
  }
  return {
    legend: { top: 0, left: 0, itemWidth: 22, itemHeight: 13, itemGap: 12, textStyle: { color: "#1f2937", fontSize: 13 } },
    grid: { left: 8, right: 14, top: 18 + 25 * lines, bottom: 6, containLabel: true },
  };
}

// The figures of a chart as a table: what ears and programs read.
function figureTable(box, caption, series, text) {
  const head = el("tr", {}, heading(caption), ...yearHeadings());
  const rows = series.map(({ name, data }) =>
    el("tr", {}, el("th", { scope: "row" }, name), ...data.map((value) => figure(value === null ? "0" : text(value)))),
  );
  box.replaceChildren(el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)));
}

// To the room on the page, or on A4 paper.
function resizeCharts(onPaper = false) {
  for (const { chart, series, paper } of charts) {
    chart.resize({ ...(onPaper ? paper : { width: "auto", height: "auto" }), silent: true });
    chart.setOption(legendAndGrid(chart, series));
    chart.getZr().flush();
  }
}
