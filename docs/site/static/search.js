// Searches the site in the page itself: adds up the weights that docs/site/search_index.py computed (see `ranked`).
"use strict";

const singular = (word) =>
  word.length > 4 && word.endsWith("ies") ? word.slice(0, -3) + "y" :
  word.length > 3 && word.endsWith("s") && !/(ss|us|is)$/.test(word) ? word.slice(0, -1) : word;

function termsOf(text) {
  return (text.match(/[\p{L}\p{N}]+/gu) || []).flatMap((word) => {
    const parts = word.split(/(?<=[a-z])(?=[A-Z])/);
    return parts.length > 1 ? [word, ...parts] : parts;
  }).map((word) => singular(word.toLowerCase()));
}

function rankedSections(index, query) {
  const alike = (word) => (Object.hasOwn(index.alike, word) ? index.alike[word] : word);
  const asked = [...new Set(termsOf(query).filter((word) => !index.stop.includes(word)).map(alike))];
  const total = new Map(), holds = new Map();
  for (const word of asked) {
    const best = new Map();
    for (const [other, weights] of Object.entries(index.words)) {
      if (!other.startsWith(word) || (other !== word && word.length <= 2)) continue;
      const share = other === word ? 1 : index.prefix;
      for (let i = 0; i < weights.length; i += 2) {
        best.set(weights[i], Math.max(best.get(weights[i]) || 0, share * weights[i + 1]));
      }
    }
    for (const [place, weight] of best) {
      total.set(place, (total.get(place) || 0) + weight);
      holds.set(place, (holds.get(place) || 0) + 1);
    }
  }
  const exact = index.words["=" + asked.join(" ")] || [];
  for (let i = 0; i < exact.length; i += 2) total.set(exact[i], (total.get(exact[i]) || 0) + exact[i + 1]);
  const score = (place) => total.get(place) * ((holds.get(place) || 0) / asked.length) ** 2;
  const ordered = [...total.keys()].sort((a, b) => score(b) - score(a) || a - b);
  const pages = new Map();
  for (const place of ordered) {
    const page = index.sections[place][0].split("#")[0];
    if (!pages.has(page)) pages.set(page, place);
  }
  return [...pages.values()];
}

// The part of a text around the first word asked for, with every such word marked.
function excerptOf(text, query) {
  const words = termsOf(query);
  const asked = (word) => termsOf(word).some((part) => words.some((w) => part.startsWith(w)));
  const pieces = text.split(/(\s+)/);
  const first = Math.max(0, pieces.findIndex(asked));
  const start = Math.max(0, first - 16);
  const part = document.createElement("p");
  if (start > 0) part.append("… ");
  for (const piece of pieces.slice(start, start + 80)) {
    const hit = piece.trim() && asked(piece);
    const node = document.createElement(hit ? "mark" : "span");
    node.textContent = piece;
    part.append(hit ? node : piece);
  }
  if (pieces.length > start + 80) part.append(" …");
  return part;
}

function resultOf([url, page, heading, text], query) {
  const item = document.createElement("li"), link = document.createElement("a");
  link.href = url;
  link.textContent = heading === page ? page : `${page}: ${heading}`;
  item.append(link, excerptOf(text, query));
  return item;
}

function startSearch() {
  const field = document.getElementById("search-field");
  if (!field) return;
  const list = document.getElementById("search-list"), count = document.getElementById("search-count");
  const show = () => {
    const query = field.value.trim();
    const found = query ? rankedSections(window.searchIndex, query) : [];
    count.textContent = query ? `${found.length} page${found.length === 1 ? "" : "s"}` : "";
    list.replaceChildren(...found.slice(0, 20).map((place) => resultOf(window.searchIndex.sections[place], query)));
  };
  field.value = new URLSearchParams(location.search).get("q") || "";
  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => event.preventDefault());
  show();
  field.focus();
}

if (typeof document !== "undefined") document.addEventListener("DOMContentLoaded", startSearch);
