// Tables that show long lists in slices, and all of them (up to a stated number) on paper.

const SLICE = 200;
const PRINTED = 2000;
const tables = [];

// A table of `list.rows()`, each drawn by `list.row` as one or more <tr>. Call `draw` after a change.
function slicedTable(box, { caption, head, rows, row, foot = () => [], empty, classes = "", slice = SLICE }) {
  let limit = slice;
  const table = el("table", { class: classes, "aria-label": plain(caption) });
  const body = el("tbody");
  const tail = el("div", { class: "tail" });
  table.append(el("thead", {}, ...head), body);
  box.replaceChildren(table);
  box.after(tail);

  function draw(most = limit) {
    const all = rows();
    const drawn = all.slice(0, most);
    body.replaceChildren(...drawn.flatMap((item, n) => row(item, n, drawn)), ...foot(all));
    if (all.length === 0 && empty) body.replaceChildren(note(empty()));
    finish(all.length, drawn.length);
  }

  function note(text) {
    return el("tr", {}, el("td", { colspan: table.tHead.rows[0].cells.length, class: "quiet" }, ...show(text)));
  }

  function finish(all, shown) {
    tail.replaceChildren();
    if (shown === all) return;
    tail.append(el("span", { role: "status" }, ...show(say("html.shown", { shown: count(shown), all: count(all) }))));
    const more = el("button", { type: "button" }, ...show(say("html.more", { n: count(Math.min(slice, all - shown)) })));
    more.addEventListener("click", () => {
      limit += slice;
      draw();
    });
    tail.append(more, el("span", { class: "paper" }, ...show(say("html.printed", { n: count(PRINTED) }))));
  }

  const handle = {
    draw: () => {
      limit = slice;
      draw();
    },
    onPaper: () => draw(PRINTED),
    onScreen: () => draw(),
  };
  tables.push(handle);
  draw();
  return handle;
}

const heading = (text, classes = "") => el("th", { scope: "col", class: classes || false }, ...show(text));
const headings = (texts) => [el("tr", {}, ...texts.map(([text, classes]) => heading(text, classes)))];
const yearHeadings = () => YEARS.map((year) => heading(String(year), "num"));
const cell = (text, classes = "word") => el("td", { class: classes }, ...show(text));

// A table wider than the page scrolls in a box of its own; others leave their header to stick to the page.
function fitBoxes() {
  const bar = document.querySelector("nav.sections").offsetHeight;
  document.documentElement.style.setProperty("--bar", `${bar}px`);
  for (const box of document.querySelectorAll("main .box:not(.tall)")) {
    box.classList.remove("flows");
    box.classList.toggle("flows", box.scrollWidth <= box.clientWidth + 1);
  }
}

// A button that opens a project's card.
function projectLink(project) {
  return el("button", { type: "button", class: "link", "data-project": project.n }, ...show(project.name));
}
