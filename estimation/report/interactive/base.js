// What all views share: elements that hold text only, numbers as reports write them, quantiles, packed numbers.
// Names and labels come from files. They become text nodes and attributes, never markup.
"use strict";

const VIEWS = {};
const SVG = "http://www.w3.org/2000/svg";
const MINUS = "\u2212";
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]; // told apart by everybody
const OWN = Math.random().toString(36).slice(2, 10); // widgets of one notebook each load this script: labels must find their own
let lastId = 0;

function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function drawn(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

function newId(what) {
  lastId += 1;
  return `interactive-${OWN}-${what}-${lastId}`;
}

// A number with so many decimals, a true minus sign, and no negative zero; rounded as Python does, exact halves to even.
function fixed(value, places) {
  const size = Math.abs(value);
  const isHalf = (size * 2 ** (places + 1)) % 2 === 1;
  const below = Math.floor(size * 10 ** places);
  const digits = (isHalf && below % 2 === 0 ? below / 10 ** places : size).toFixed(places);
  const [whole, ...rest] = digits.split(".");
  const text = [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
  return value < 0 && Number(digits) !== 0 ? MINUS + text : text;
}

// A number with as many digits as a reader can use, by the rule of the reports.
function number(value, significant = 3) {
  if (value === null || Number.isNaN(value)) return "\u2013";
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : MINUS + "\u221e";
  if (value === 0) return fixed(0, significant - 1);
  const places = Math.min(6, Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(value)))));
  return places === 6 && Math.round(value * 1e6) === 0 ? "0" : fixed(value, places);
}

function signed(value, text) {
  return value > 0 ? "+" + text : text;
}

// The quantile of sorted numbers, linear between them, as NumPy's default.
function quantile(sorted, probability) {
  const place = probability * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

function middle(values) {
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, 0.05), median: quantile(sorted, 0.5), high: quantile(sorted, 0.95) };
}

// Numbers of four bytes each (little-endian), from text.
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 4 }, (_, place) => view.getFloat32(4 * place, true));
}

// A slider over the places 0 … count - 1, which says in words where it stands.
function slider(label, count, at, inWords, moved) {
  const id = newId("slider");
  const range = element("input", { type: "range", id, min: 0, max: Math.max(0, count - 1), step: 1 });
  const said = element("output", { for: id });
  const show = (place) => {
    range.value = String(place);
    range.setAttribute("aria-valuetext", inWords(place));
    said.textContent = inWords(place);
  };
  range.addEventListener("input", () => {
    show(Number(range.value));
    moved(Number(range.value));
  });
  show(at);
  const head = element("div", { class: "slider-head" }, element("label", { for: id }, label), said);
  return { node: element("div", { class: "slider" }, head, range), range, show };
}

// A list of labels of which one is chosen; typing finds an entry of a long one.
function choice(label, options, at, chosen) {
  const id = newId("choice");
  const list = element("select", { id }, ...options.map((text, place) => element("option", { value: place }, text)));
  list.value = String(at);
  list.addEventListener("change", () => chosen(Number(list.value)));
  return { node: element("div", { class: "choice" }, element("label", { for: id }, label), list), list };
}

function button(text, pressed) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", pressed);
  return made;
}

// What a screen reader hears once the reader has stopped moving: every step would be too much.
function announcer() {
  const node = element("p", { class: "said", role: "status", "aria-live": "polite" });
  let waiting = 0;
  return {
    node,
    say(text) {
      clearTimeout(waiting);
      waiting = setTimeout(() => (node.textContent = text), 400);
    },
  };
}

// A number with its interval beneath.
function between(text, low, high) {
  return element("span", {}, text, element("span", { class: "span" }, `${low} to ${high}`));
}

function rowOf(cells, tag = "td") {
  const made = cells.map((cell, place) =>
    place === 0
      ? element("th", { scope: tag === "th" ? "col" : "row" }, cell)
      : element(tag, { class: "number", scope: tag === "th" ? "col" : null }, cell),
  );
  return element("tr", {}, ...made);
}

function tableOf(caption, head, rows) {
  const body = rows.map((row) => rowOf(row));
  return element(
    "table",
    {},
    element("caption", {}, caption),
    ...(head ? [element("thead", {}, rowOf(head, "th"))] : []),
    element("tbody", {}, ...body),
  );
}

// A scale from data to the picture, and round numbers for its ticks.
function scaleOf(values, from, to) {
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const at = (value) => from + ((value - low) / (high - low)) * (to - from);
  return { at, ticks: ticksBetween(low, high) };
}

function ticksBetween(low, high) {
  const raw = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((wide) => wide >= raw);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const places = [0, 1, 2, 3, 4, 5, 6].find((digits) => Math.abs(step - Number(step.toFixed(digits))) < step * 1e-9) ?? 6;
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, text: fixed(value, places) };
  });
}

// Axes with names; what is drawn stands in the text beside it as well, so that readers of screens miss nothing.
function axesOf(width, height, across, up, x, y) {
  const picture = drawn("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", focusable: "false" });
  const bottom = height - 44;
  picture.append(drawn("path", { class: "axis", d: `M52 10V${bottom}H${width - 10}` }));
  for (const { value, text } of x.ticks) {
    picture.append(drawn("text", { class: "tick", x: x.at(value), y: bottom + 16, "text-anchor": "middle" }, text));
  }
  for (const { value, text } of y.ticks) {
    picture.append(drawn("text", { class: "tick", x: 46, y: y.at(value) + 4, "text-anchor": "end" }, text));
  }
  const centre = (10 + bottom) / 2;
  const turned = { x: 12, y: centre, "text-anchor": "middle", transform: `rotate(-90 12 ${centre})` };
  picture.append(drawn("text", { x: (52 + width) / 2, y: height - 8, "text-anchor": "middle" }, across));
  picture.append(drawn("text", turned, up));
  return picture;
}

// Put a view before its table for readers without scripts, which can still be opened.
function boot() {
  for (const place of document.querySelectorAll("[data-interactive]")) {
    const data = JSON.parse(document.getElementById(place.dataset.interactive).textContent);
    const panel = element("div", { class: "interactive" });
    const still = place.querySelector(".still");
    place.replaceChildren(panel);
    if (still) place.append(element("details", {}, element("summary", {}, "The start as tables"), still));
    place.view = VIEWS[data.kind](panel, data, {}, () => {});
  }
}
