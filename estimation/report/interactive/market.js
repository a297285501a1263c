// A market: attributes of products as sliders, shares by every draw of the posterior that is in the page.
VIEWS.market = function (root, data, start, changed) {
  const { products, columns, coefficients, draws, people } = data;
  const weights = unpacked(data.weights); // (draw, person, coefficient)
  const state = structuredClone({ places: data.places, offered: products.map(() => true), ...start });
  let base = sharesOf(state);
  let frame = 0;
  const status = announcer();
  const result = element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "Shares" });
  const names = data.outside === null ? products : [...products, data.outside];

  // Terms of each product, (product, coefficient): relative to the outside option, if there is one.
  function termsOf({ places }) {
    return products.map((_, product) =>
      coefficients.map((term) => {
        if (term.table) {
          const at = term.column === null ? 0 : places[product][term.column];
          return term.table[product][at];
        }
        const values = term.factors.map((column) => columns[column].values[places[product][column]]);
        return values.reduce((total, value) => total * value, term.only[product]);
      }),
    );
  }

  // Shares of all people, draw by draw: (draw, alternative).
  function sharesOf(market) {
    const terms = termsOf(market);
    const there = products.map((_, product) => product).filter((product) => market.offered[product]);
    const size = coefficients.length;
    const found = [];
    const utility = new Float64Array(products.length);
    for (let draw = 0; draw < draws; draw += 1) {
      const share = new Float64Array(products.length + 1);
      for (let person = 0; person < people; person += 1) {
        const from = (draw * people + person) * size;
        let top = data.outside === null ? -Infinity : 0;
        for (const product of there) {
          let sum = 0;
          for (let k = 0; k < size; k += 1) sum += weights[from + k] * terms[product][k];
          utility[product] = sum;
          if (sum > top) top = sum;
        }
        let total = data.outside === null ? 0 : Math.exp(-top);
        for (const product of there) total += Math.exp(utility[product] - top);
        for (const product of there) share[product] += Math.exp(utility[product] - top) / total / people;
        if (data.outside !== null) share[products.length] += Math.exp(-top) / total / people;
      }
      found.push(share.subarray(0, data.outside === null ? products.length : products.length + 1));
    }
    return found;
  }

  function earnedBy(market, shares) {
    const column = columns.findIndex((each) => each.name === data.price);
    if (column < 0) return null;
    const price = products.map((_, product) => columns[column].values[market.places[product][column]]);
    return shares.map((share) => price.reduce((sum, money, product) => sum + 100 * share[product] * money, 0));
  }

  function numbers() {
    const shares = sharesOf(state);
    const by = (values) => names.map((_, place) => middle(values(place)));
    const earned = earnedBy(state, shares);
    return {
      names,
      shares: by((place) => shares.map((share) => share[place])),
      changes: by((place) => shares.map((share, draw) => share[place] - base[draw][place])),
      earned: earned && middle(earned),
    };
  }

  function show() {
    const found = numbers();
    const percent = (value) => number(100 * value);
    const spanned = ({ low, median, high }, text) => between(text(median), percent(low), percent(high));
    const isSame = found.changes.every(({ low, high }) => low === 0 && high === 0);
    const rows = names.map((name, place) => {
      const [share, change] = [found.shares[place], found.changes[place]];
      const isOut = place < products.length && !state.offered[place];
      const points = isSame ? "\u2013" : spanned(change, (value) => signed(value, percent(value)));
      return [name, isOut ? "not offered" : spanned(share, percent), points];
    });
    const made = tableOf("Shares of choices, %: median and 90 % interval", ["alternative", "share", "change"], rows);
    [...made.querySelectorAll("tbody th")].forEach((cell, place) => {
      const bar = element("span", { class: "bar", "aria-hidden": "true" });
      bar.style.width = `${100 * found.shares[place].median}%`;
      cell.append(bar);
    });
    const money = found.earned;
    const earned = money && `From 100 choices ${number(money.median)} are earned (${number(money.low)} to ${number(money.high)}): ${data.price} times share.`;
    result.replaceChildren(made, ...(earned ? [element("p", {}, earned)] : []));
    status.say(names.map((name, place) => `${name} ${percent(found.shares[place].median)} %`).join("; "));
  }

  function set() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(show);
    changed(structuredClone(state));
  }

  function productCard(product) {
    const setters = [];
    const inputs = columns.map((column, place) => {
      if (!data.moves[product][place]) return null;
      const moved = (at) => ((state.places[product][place] = at), set());
      const at = state.places[product][place];
      const labels = column.labels ?? (column.values.length < 4 ? column.texts : null);
      if (labels) {
        const made = choice(column.name, labels, at, moved);
        setters[place] = (to) => (made.list.value = String(to));
        return made.node;
      }
      const made = slider(column.name, column.values.length, at, (to) => column.texts[to], moved);
      setters[place] = made.show;
      return made.node;
    });
    const id = newId("offered");
    const offered = element("input", { type: "checkbox", id });
    offered.checked = state.offered[product];
    offered.addEventListener("change", () => {
      const others = state.offered.filter((there, place) => there && place !== product).length;
      if (!offered.checked && data.outside === null && others === 0) offered.checked = true; // somebody must sell
      state.offered[product] = offered.checked;
      set();
    });
    const head = element("legend", {}, products[product]);
    const tick = element("div", { class: "tick-box" }, offered, element("label", { for: id }, "offered"));
    const node = element("fieldset", {}, head, tick, ...inputs.filter(Boolean));
    const back = () => {
      offered.checked = state.offered[product];
      setters.forEach((setter, place) => setter(state.places[product][place]));
    };
    return { node, back };
  }

  const cards = products.map((_, product) => productCard(product));
  const restore = (given) => {
    Object.assign(state, structuredClone(given));
    cards.forEach((card) => card.back());
    show();
  };
  const reset = button("Back to the start", () => {
    const first = { places: data.places, offered: products.map(() => true) };
    restore(first);
    base = sharesOf(state);
    set();
  });
  const keep = button("Measure changes from here", () => ((base = sharesOf(state)), set()));
  const buttons = element("div", { class: "buttons" }, reset, keep);
  const moved = element("div", { class: "cards" }, buttons, ...cards.map((card) => card.node));
  root.append(element("div", { class: "beside" }, moved, element("div", { class: "stays" }, result)), status.node);
  show();
  return { show: restore, numbers, state };
};
