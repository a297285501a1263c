// People one by one: what each of them saw and did, what each theory expects, and which theory describes them.
VIEWS.people = function (root, data, start, changed) {
  const { persons, theories, decisions } = data;
  const state = { person: 0, order: 0, ...start };
  const status = announcer();
  const about = element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "About this person" });
  const pictures = element("div", { class: "panels" });
  const orders = [["as in the data", persons.map((_, place) => place)]];
  data.columns.forEach((column, at) => {
    if (column.values.some((value) => value !== null)) orders.push([`by ${column.name}`, sortedBy(column.values)]);
  });

  function sortedBy(values) {
    const places = persons.map((_, place) => place);
    const size = (place) => (values[place] === null ? -Infinity : values[place]);
    return places.sort((a, b) => size(b) - size(a) || a - b);
  }

  const placeOf = (person) => orders[state.order][1].indexOf(person);
  const personAt = (place) => orders[state.order][1][place];
  const go = (place) => set({ person: personAt(Math.min(persons.length - 1, Math.max(0, place))) });
  const inWords = (place) => `${persons[personAt(place)].name}, ${place + 1} of ${persons.length}`;
  const line = slider("Person", persons.length, placeOf(state.person), inWords, go);
  const order = choice("in order", orders.map(([name]) => name), state.order, (at) => set({ order: at, person: orders[at][1][0] }));
  const named = choice("or by name", persons.map(({ name }) => name), state.person, (person) => set({ person }));
  const before = button("previous", () => go(placeOf(state.person) - 1));
  const after = button("next", () => go(placeOf(state.person) + 1));

  // The decisions of a person in one role and condition.
  function panelsOf(person) {
    const [from, to] = persons[person].rows;
    const groups = new Map();
    for (let row = from; row < to; row += 1) {
      const panel = decisions.panel[row];
      groups.set(panel, [...(groups.get(panel) ?? []), row]);
    }
    return [...groups].sort(([a], [b]) => a - b);
  }

  function numbers() {
    const [from, to] = persons[state.person].rows;
    const part = (values) => values.slice(from, to);
    return {
      name: persons[state.person].name,
      given: part(decisions.given),
      chosen: part(decisions.chosen),
      expected: decisions.expected.map(part),
      columns: data.columns.map(({ name, values }) => [name, values[state.person]]),
    };
  }

  function drawnPanel(panel, rows) {
    const { title, across, up, ends, tops, shares } = data.panels[panel];
    const [width, height] = [420, 300];
    const given = rows.map((row) => (shares ? decisions.period : decisions.given)[row]);
    const chosen = rows.map((row) => decisions.chosen[row]);
    const expected = decisions.expected.map((values) => rows.map((row) => values[row]));
    const x = scaleOf(ends, 62, width - 20);
    const y = scaleOf(tops, height - 54, 20);
    const made = axesOf(width, height, shares ? "period" : across, up, x, y);
    const order = rows.map((_, place) => place).sort((a, b) => given[a] - given[b]);
    expected.forEach((values, theory) => {
      const style = { fill: COLOURS[theory % COLOURS.length] };
      for (const place of order) {
        if (values[place] === null) continue;
        made.append(drawn("path", { class: "expected", ...style, d: marker(theory, x.at(given[place]), y.at(values[place])) }));
      }
    });
    for (const place of order) {
      made.append(drawn("circle", { class: "did", cx: x.at(given[place]), cy: y.at(chosen[place]), r: 4 }));
    }
    return element("figure", {}, element("figcaption", {}, title), made, tabled(panel, rows));
  }

  // Theories differ by their marks as well as by their colours.
  function marker(theory, x, y) {
    const r = 4;
    const marks = [
      `M${x - r} ${y - 1}h${2 * r}v2h${-2 * r}z`,
      `M${x} ${y - r}l${r} ${2 * r}h${-2 * r}z`,
      `M${x - 3} ${y - 3}h6v6h-6z`,
      `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`,
    ];
    return marks[theory % marks.length];
  }

  function tabled(panel, rows) {
    const { title, across, up, shares, words } = data.panels[panel];
    const head = ["period", across, shares ? `${up}?` : up, ...theories.map((name) => `expected by ${name}`)];
    const seen = (row) => words[decisions.given[row]] ?? number(decisions.given[row]);
    const did = (row) => (shares ? ["no", "yes"][decisions.chosen[row]] : number(decisions.chosen[row]));
    const cells = rows.map((row) => [
      String(decisions.period[row]),
      seen(row),
      did(row),
      ...decisions.expected.map((values) => number(values[row])),
    ]);
    const box = element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": title });
    box.append(tableOf(title, head, cells));
    return element("details", {}, element("summary", {}, `${rows.length} decisions as a table`), box);
  }

  function legend() {
    const one = (mark, text) => element("li", {}, drawn("svg", { viewBox: "0 0 12 12", class: "key", "aria-hidden": "true" }, mark), text);
    const did = one(drawn("circle", { class: "did", cx: 6, cy: 6, r: 4 }), "what the person did");
    const expects = theories.map((name, theory) =>
      one(drawn("path", { class: "expected", fill: COLOURS[theory % COLOURS.length], d: marker(theory, 6, 6) }), `expected by ${name}`),
    );
    return element("ul", { class: "legend" }, did, ...expects);
  }

  function show() {
    const { person } = state;
    const own = data.columns.filter(({ values }) => values[person] !== null);
    const rows = own.map(({ name, texts }) => [name, texts[person]]);
    line.show(placeOf(person));
    named.list.value = String(person);
    order.list.value = String(state.order);
    const focused = document.activeElement;
    before.disabled = placeOf(person) === 0;
    after.disabled = placeOf(person) === persons.length - 1;
    if (focused === before && before.disabled) after.focus(); // a button that is disabled loses the keys
    if (focused === after && after.disabled) before.focus();
    about.replaceChildren(tableOf(`Person ${persons[person].name}`, null, rows));
    const notes = persons[person].notes.map((text) => element("p", {}, text));
    about.append(...notes);
    pictures.replaceChildren(...panelsOf(person).map(([panel, found]) => drawnPanel(panel, found)));
    status.say([`Person ${persons[person].name}`, ...rows.slice(0, 4).map(([name, text]) => `${name} ${text}`)].join("; "));
  }

  function set(change) {
    Object.assign(state, change);
    show();
    changed({ ...state });
  }

  const steps = element("div", { class: "buttons" }, before, after);
  root.append(element("div", { class: "controls people-controls" }, line.node, steps, order.node, named.node), legend());
  root.append(element("div", { class: "person" }, about, pictures), status.node);
  show();
  const restore = (given) => (Object.assign(state, given), show());
  return { show: restore, numbers, state };
};
