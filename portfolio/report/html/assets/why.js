// Why a project is out or starts late, and what it would take: the list of them all, and each one's card.

const MOST_LISTED = 3;

// Both languages of several texts, one after the other.
const listed = (texts) => {
  const english = document.documentElement.lang === "en";
  const parts = [texts.map(main).join(english ? ", " : "、"), texts.map((text) => (Array.isArray(text) ? text[1] : text)).join(", ")];
  return parts[0] === parts[1] || english ? parts[0] : parts;
};

const nameOf = (number) => projects[number].name;
const signed = (text) => (text.startsWith("-") ? `−${text.slice(1)}` : `+${text}`);
const isWhy = (project) => project.reason !== null;

function startWhy() {
  const all = projects.filter(isWhy).sort((a, b) => a.selected - b.selected || a.n - b.n);
  const heads = ["project_name", "html.why", "html.why.money", "html.why.forced"];
  let shown = all;
  const table = slicedTable(byId("deferred-table"), {
    caption: say("html.deferred"),
    classes: "why",
    head: headings(heads.map((key) => [say(key)])),
    rows: () => shown,
    row: (project, n, drawn) => [...whyHeadings(project, drawn[n - 1], shown, heads.length), whyRow(project)],
    empty: () => say(all.length ? "html.none" : "deferred.none"),
  });
  const redraw = () => {
    shown = all.filter(fits);
    table.draw();
    tellWhy(shown, all);
  };
  onFilter(redraw);
  redraw();
}

function tellWhy(shown, all) {
  const parts = [["html.left_out", false], ["html.delayed", true]].map(([key, selected]) => {
    const number = (list) => count(list.filter((project) => project.selected === selected).length);
    return el("span", { class: "part" }, el("b", {}, `${number(shown)} / ${number(all)}`), " ", ...show(say(key)));
  });
  byId("deferred-count").replaceChildren(...parts);
  byId("deferred-reset").hidden = shown.length === all.length;
}

// Before the first row: what is left out, or late; and the county.
function whyHeadings(project, before, shown, span) {
  const isNewGroup = !before || before.selected !== project.selected;
  const rows = [];
  const heading = (classes, text, members) =>
    el("tr", { class: classes }, el("th", { colspan: span, scope: "rowgroup" }, ...show(text), ` · ${count(members.length)}`));
  const group = shown.filter(({ selected }) => selected === project.selected);
  if (isNewGroup) rows.push(heading("total", say(project.selected ? "deferred.late" : "html.left_out"), group));
  if (isNewGroup || before.county !== project.county) {
    rows.push(heading("county", countyName(project.county), group.filter(({ county }) => county === project.county)));
  }
  return rows;
}

function whyRow(project) {
  const { reason } = project;
  return el(
    "tr",
    { "data-key": project.key },
    el("th", { scope: "row" }, projectLink(project), ...inShort(project)),
    el("td", {}, el("b", {}, ...show(reason.name)), el("p", {}, ...show(reason.text)), ...outranked(reason)),
    el("td", { class: "least" }, ...leastMoney(reason)),
    el("td", { class: "forced" }, ...forcedIn(reason.forced)),
  );
}

// Stage, cost, seats, priority and years below the name, in few words.
function inShort(project) {
  const cost = `${about(project, "total_cost")}${money(project.cost)} ${main(say("wan"))}`;
  const seats = `${about(project, "seats_added")}${count(project.seats)} ${main(say("seat"))}`;
  const years = project.selected ? ["html.why.planned", `${project.start} → ${project.opens}`] : ["window", `${project.from}–${project.to}`];
  const told = [[cost, seats], [`${main(say("priority"))} ${project.priority}`, `${main(say(years[0]))} ${years[1]}`]];
  return [el("span", { class: "of" }, main(stageName(project.stage)), " · ", told[0].join(" · ")), el("span", { class: "of" }, told[1].join(" · "))];
}

// Names of the projects that would have to give way.
function outranked({ outranked }, most = MOST_LISTED) {
  if (outranked.length === 0) return [];
  const more = outranked.length > most ? say("html.why.more", { n: count(outranked.length - most) }) : "";
  const names = listed(outranked.slice(0, most).map(nameOf));
  return [el("p", { class: "outranked" }, ...show(say("html.why.outranked", { names, more })))];
}

function leastMoney({ least, code }) {
  if (least === null) return [el("span", { class: "quiet" }, ...(code === "unknown" ? show(say("explain.what_if.unknown")) : ["–"]))];
  const items = least.raises.map(([source, year, amount]) =>
    el("li", {}, ...show(say("explain.takes.raise", { source: plan.sources[source][1], year, amount: money(amount) }))),
  );
  const total = sum(least.raises.map(([, , amount]) => amount));
  const parts = [el("p", {}, ...show(say("explain.takes.start", { start: least.start, total: money(total) }))), el("ul", {}, ...items)];
  if (least.others.length) {
    const others = listed(least.others.map(([number]) => nameOf(number)));
    parts.push(el("p", {}, ...show(say("explain.takes.with", { others }))));
  }
  if (!least.proven) parts.push(el("p", { class: "quiet" }, ...show(say("explain.takes.unproven"))));
  return parts;
}

// In the list, in short: who gives way, seats, spend, and the objective that decides. The card has all of it.
function forcedIn(forced) {
  if (forced === null) return [el("span", { class: "quiet" }, "–")];
  const rest = forced.moves.length - MOST_LISTED;
  const worstFirst = [...forced.moves].sort((a, b) => isWorse(b) - isWorse(a));
  const items = worstFirst.slice(0, MOST_LISTED).map((move) => el("li", {}, ...show(moveText(move))));
  if (rest > 0) items.push(el("li", { class: "quiet" }, ...show(say("html.why.moves", { n: count(rest) }))));
  const moves = items.length ? el("ul", {}, ...items) : el("p", {}, ...show(say("explain.moves.none")));
  const told = [...seatsAndSpend(forced), ...objectiveChanges(forced.changes.slice(0, 1))];
  const changes = told.map(([name, change]) => el("li", {}, el("b", {}, change), " ", ...show(name)));
  return [forcedHead(forced), moves, changes.length ? el("ul", { class: "costs" }, ...changes) : null];
}

const isWorse = ([, before, after]) => after === null || (before !== null && after > before);

const forcedHead = ({ start, proven }) =>
  el("p", {}, el("b", {}, ...show(say("html.why.start", { start }))), ...(proven ? [] : [" ", ...show(say("explain.what_if.unproven"))]));

const moveYear = (year) => (year === null ? say("explain.not_in") : String(year));
const moveText = ([number, before, after]) => say("explain.move", { name: nameOf(number), before: moveYear(before), after: moveYear(after) });

function seatsAndSpend({ seatYears, spend }) {
  const seats = seatYears ? [[say("explain.seat_years"), signed(count(seatYears))]] : [];
  return spend ? [...seats, [say("explain.spend"), signed(money(spend))]] : seats;
}

// The cost is told as spend.
function objectiveChanges(changes) {
  const told = changes.filter(([number]) => plan.objectives[number][0] !== "cost");
  return told.map(([number, change]) => {
    const [, name, unit] = plan.objectives[number];
    return [say("html.why.objective", { name, unit }), signed(count(change))];
  });
}

// The card's part: all names lead to their own cards.
function whyOf(project) {
  if (!isWhy(project)) return null;
  const { name, text, least, forced, outranked: others } = project.reason;
  const key = project.selected ? "html.card.delayed" : "html.card.reason";
  const box = el("div", { class: "reason" }, el("b", {}, ...show(say(key)), " · ", ...show(name)), el("p", {}, ...show(text)));
  if (others.length) box.append(el("h4", {}, ...show(say("html.why.rank"))), el("ul", {}, ...others.map((n) => el("li", {}, projectLink(projects[n])))));
  if (least) box.append(el("h4", {}, ...show(say("explain.takes"))), ...leastMoney(project.reason));
  if (forced) box.append(el("h4", {}, ...show(say("html.why.forced"))), forcedHead(forced), ...movesOf(forced), ...costsOf(forced));
  return box;
}

function movesOf({ moves }) {
  if (moves.length === 0) return [el("p", {}, ...show(say("explain.moves.none")))];
  const rows = moves.map(([number, before, after]) =>
    el("tr", {}, el("th", { scope: "row" }, projectLink(projects[number])), cell(moveYear(before)), cell(moveYear(after))),
  );
  const head = headings([[say("html.why.moved")], [say("html.why.now")], [say("html.why.then")]]);
  return [el("div", { class: "box" }, el("table", { class: "moves" }, el("thead", {}, ...head), el("tbody", {}, ...rows)))];
}

function costsOf(forced) {
  const told = [...seatsAndSpend(forced), ...objectiveChanges(forced.changes)];
  const rows = told.map(([name, change]) => el("tr", {}, el("th", { scope: "row" }, ...show(name)), figure(change)));
  if (rows.length === 0) return [el("p", {}, ...show(say("explain.changes.none")))];
  const head = headings([[say("html.why.change")], [say("html.why.by"), "num"]]);
  return [el("div", { class: "box" }, el("table", { class: "changes" }, el("thead", {}, ...head), el("tbody", {}, ...rows)))];
}
