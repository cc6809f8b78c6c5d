// Elements, words and figures. Text reaches the page as text nodes only, never as markup.

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const byId = (id) => document.getElementById(id);

// A text is a string, or a pair: what is shown, and the English that stands smaller beside it.
const main = (text) => (Array.isArray(text) ? text[0] : text);
const plain = (text) => (Array.isArray(text) ? text.join(" ") : text);

function show(text) {
  if (!Array.isArray(text)) return [document.createTextNode(text)];
  return [document.createTextNode(`${text[0]} `), el("span", { class: "en", lang: "en" }, text[1])];
}

// The words of a key, with a value for each {name}; a value may be a pair, too.
function say(key, values = {}) {
  const fill = (words, language = 0) => words.replace(/\{(\w+)\}/g, (_, name) => (Array.isArray(values[name]) ? values[name][language] : values[name]));
  const text = plan.words[key];
  return Array.isArray(text) ? text.map(fill) : fill(text);
}

const whole = new Intl.NumberFormat("en-US");
const precise = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const count = (number) => precise.format(number);

// Hundredths of 万元 in exact 万元: 1896800 -> 18,968 and 123456 -> 1,234.56
function money(amount) {
  const rest = Math.abs(amount % 100);
  const sign = amount < 0 ? "-" : "";
  const digits = rest === 0 ? "" : `.${String(rest).padStart(2, "0").replace(/0$/, "")}`;
  return sign + whole.format(Math.floor(Math.abs(amount) / 100)) + digits;
}

// To whole 万元, halves up, for the narrow cells of the Gantt.
const rounded = (amount) => whole.format(Math.floor((amount + 50) / 100));

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

function figure(text, attributes = {}) {
  return el("td", { class: text === "0" ? "num zero" : "num", ...attributes }, text === "0" ? "–" : text);
}

function options(select, choices) {
  select.replaceChildren(...choices.map(([value, text]) => el("option", { value }, plain(text))));
}
