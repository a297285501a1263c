// Menus along the lever: what is offered, what it earns, what customers gain, how many leave, and what that is in money.
VIEWS.lever = function (root, data, start, changed) {
  const menus = data.menus;
  const count = menus.revenue.length;
  const state = { menu: 0, customers: 1000, ...start };
  const status = announcer();
  const facts = element("div", { class: "scroll lines", role: "region", tabindex: "0", "aria-label": "What this menu does" });
  const offered = element("div", { class: "offered" });
  const picture = element("div", { class: "picture" });
  const lever = slider("Lever: from revenue to customers", count, state.menu, inWords, (menu) => set({ menu }));
  const amounts = [
    amount("or a unit of utility is worth (money)", (money) => bestFor(menus.utility, money)),
    amount("or a lost customer costs (money)", (money) => bestFor(menus.none, -money)),
  ];
  const customers = field("Customers", state.customers, 1, (many) => set({ customers: Math.max(1, many) }));

  function inWords(menu) {
    const special = data.notable[menu];
    const name = `menu ${menu + 1} of ${count}${special ? ` (${special[0]}: ${special[1]})` : ""}`;
    return data.uncertain ? `${name}, chosen if a unit of utility is worth ${worth(menu)}` : name;
  }

  function worth(menu) {
    const [low, high] = [menus.weight_low[menu], menus.weight_high[menu]];
    const least = low === 0 ? "nothing" : number(low);
    return low === high ? least : `${least} to ${number(high)}`;
  }

  function field(label, value, least, given) {
    const id = newId("field");
    const input = element("input", { type: "number", id, min: least, step: "any", value, inputmode: "decimal" });
    input.addEventListener("input", () => {
      const found = Number(input.value);
      if (input.value !== "" && Number.isFinite(found) && found >= least) given(found);
    });
    return { node: element("div", { class: "field" }, element("label", { for: id }, label), input), input };
  }

  function amount(label, best) {
    const made = field(label, "", 0, (money) => set({ menu: best(money) }, made));
    return made;
  }

  // The menu of this page with the largest revenue + price × measure, of means over draws where there are draws.
  function bestFor(measure, price) {
    const worth = menus.revenue.map((revenue, menu) => revenue + price * measure[menu]);
    return worth.indexOf(Math.max(...worth));
  }

  function productsOf(menu) {
    const there = new Set(data.first);
    for (const step of data.changes.slice(0, menu)) {
      for (const product of step) there.has(product) ? there.delete(product) : there.add(product);
    }
    return there;
  }

  function numbers() {
    const { menu, customers: many } = state;
    const worth = data.surplus ? menus.utility[menu] / data.surplus : null;
    return {
      menu,
      revenue: many * menus.revenue[menu],
      revenueLost: many * (menus.revenue[0] - menus.revenue[menu]),
      leave: many * menus.none[menu],
      kept: many * (menus.none[0] - menus.none[menu]),
      utility: menus.utility[menu],
      surplus: worth === null ? null : many * worth,
      products: [...productsOf(menu)].sort((a, b) => a - b).map((product) => data.names[product]),
    };
  }

  function rows() {
    const { menu, customers: many } = state;
    const money = data.surplus ? [["customers' surplus (money)", "utility", many / data.surplus, 3]] : [];
    const measures = [
      ["revenue (money)", "revenue", many, 4],
      ["customers who leave", "none", many, 3],
      ...money,
      ["utility of a customer (logits)", "utility", 1, 3],
    ];
    return measures.map(([label, name, times, digits]) => {
      const change = times * (menus[name][menu] - menus[name][0]);
      const against = menu === 0 ? "\u2013" : spanned(signed(change, number(change)), `${name}_change`, times, 3);
      return [label, spanned(number(times * menus[name][menu], digits), name, times, digits), against];
    });
  }

  function spanned(text, name, times, digits) {
    if (!data.uncertain) return text;
    const ends = ["low", "high"].map((end) => number(times * menus[`${name}_${end}`][state.menu], digits));
    return between(text, ...ends);
  }

  function when() {
    const { menu } = state;
    if (data.uncertain) {
      const [least, most] = [menus.best_low[menu], menus.best_high[menu]].map((chance) => fixed(chance, 2));
      const best = least === most ? least : `${least} to ${most}, by what utility is worth`;
      return `Of all menus found this one is best with probability ${best}; no menu is better by more than ${number(menus.gap[menu], 2)} a customer.`;
    }
    const range = (name) => {
      const [low, high] = [menus[`${name}_low`][menu], menus[`${name}_high`][menu]];
      return high === null ? `at least ${number(low)}` : low === 0 ? `at most ${number(high)}` : `${number(low)} to ${number(high)}`;
    };
    return `The best menu if a unit of utility is worth ${range("weight")}, or a customer who leaves costs ${range("cost")}.`;
  }

  function list() {
    const now = productsOf(state.menu);
    const before = productsOf(0);
    const item = (product) => {
      const isNew = !before.has(product);
      return element("li", { class: isNew ? "new" : null }, data.names[product], isNew ? " (added)" : "");
    };
    const order = [...now].sort((a, b) => before.has(b) - before.has(a) || a - b);
    const gone = [...before].filter((product) => !now.has(product)).map((product) => data.names[product]);
    const head = element("p", { class: "head" }, `On the menu: ${fixed(menus.size[state.menu], 0)} of ${fixed(data.total, 0)} products`);
    const note = element("p", {}, gone.length ? `Not offered any more: ${gone.join(", ")}.` : "");
    return [head, element("ul", { class: "products" }, ...order.map(item)), note];
  }

  function curve() {
    const [width, height] = [420, 300];
    const across = data.uncertain ? [...menus.utility_low, ...menus.utility_high] : menus.utility;
    const up = data.uncertain ? [...menus.revenue_low, ...menus.revenue_high] : menus.revenue;
    const x = scaleOf(across, 62, width - 20);
    const y = scaleOf(up, height - 54, 20);
    const made = axesOf(width, height, "utility of a customer (logits)", "revenue of a customer (money)", x, y);
    const points = menus.revenue.map((revenue, menu) => `${x.at(menus.utility[menu])},${y.at(revenue)}`);
    made.append(drawn("polyline", { class: "curve", points: points.join(" ") }));
    menus.revenue.forEach((revenue, menu) => {
      const dot = drawn("circle", { class: "dot", cx: x.at(menus.utility[menu]), cy: y.at(revenue), r: 3 });
      dot.addEventListener("click", () => set({ menu }));
      made.append(dot);
    });
    const at = state.menu;
    if (data.uncertain) {
      const [left, right] = [x.at(menus.utility_low[at]), x.at(menus.utility_high[at])];
      const [bottom, top] = [y.at(menus.revenue_low[at]), y.at(menus.revenue_high[at])];
      const [cx, cy] = [x.at(menus.utility[at]), y.at(menus.revenue[at])];
      made.append(drawn("path", { class: "reach", d: `M${left} ${cy}H${right}M${cx} ${bottom}V${top}` }));
    }
    made.append(drawn("circle", { class: "here", cx: x.at(menus.utility[at]), cy: y.at(menus.revenue[at]), r: 7 }));
    return made;
  }

  function show() {
    const { menu, customers: many } = state;
    const head = [`of ${fixed(many, 0)} customers`, "this menu", "against the first"];
    lever.show(menu);
    facts.replaceChildren(tableOf(when(), head, rows()));
    offered.replaceChildren(...list());
    picture.replaceChildren(curve());
    const { revenue, leave } = numbers();
    status.say(`${inWords(menu)}: revenue ${number(revenue, 4)}, ${number(leave)} of ${fixed(many, 0)} customers leave.`);
  }

  // An amount of money stands there only as long as the menu is the one that it asks for.
  function empty(kept) {
    for (const each of amounts) if (each !== kept) each.input.value = "";
  }

  function set(change, by = null) {
    Object.assign(state, change);
    if ("menu" in change) empty(by);
    show();
    changed({ ...state });
  }

  const controls = element("div", { class: "controls" }, lever.node, ...amounts.map((each) => each.node), customers.node);
  const beside = element("div", { class: "beside" }, element("div", {}, controls, facts), picture);
  root.append(beside, offered, status.node);
  show();
  const restore = (given) => {
    Object.assign(state, given);
    empty(null);
    customers.input.value = String(state.customers);
    show();
  };
  return { show: restore, numbers, state };
};
