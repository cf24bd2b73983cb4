"use strict";
// The table of every case, the guide, what a mark says, dark and light. Everything else is in the page
// already. What is chosen stands in the address behind "#", so that it can be shared; an address without
// "=" there is a place on the page.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);

  // -------------------------------------------------------------------------------- figures in words

  const digits = (value) => {
    const size = Math.abs(value);
    if (size >= 100 || size === 0) return value.toFixed(0);
    return value.toFixed(size >= 10 ? 1 : 2);
  };
  const factor = (value) => (value < 2 ? value.toFixed(3) : digits(value));
  const unitOf = (ns) => {
    const size = Math.abs(ns);
    if (size < 999.5) return [1, "ns"];
    if (size < 999500) return [1e3, "µs"];
    if (size < 999500000) return [1e6, "ms"];
    return [1e9, "s"];
  };
  const time = (ns) => {
    const [size, unit] = unitOf(ns);
    return `${digits(ns / size)} ${unit}`;
  };
  const timeBetween = ([centre, low, high]) => {
    const [size, unit] = unitOf(centre);
    return `${digits(centre / size)} ${unit} [${digits(low / size)}, ${digits(high / size)}]`;
  };
  const ratioText = ([centre, low, high]) => `${factor(centre)} [${factor(low)}, ${factor(high)}]`;
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const swatch = (contender) => {
    const made = element("i", { class: contender.variant ? "swatch variant" : "swatch" });
    made.style.setProperty("--c", contender.colour);
    return made;
  };
  const caseLink = (name, text = name) => element("a", { href: `#case-${name}` }, element("code", {}, text));

  // ------------------------------------------------------------------------------------ the address

  /** The element that the address points at; none where it has a choice, or nothing that is here. */
  const place = () => {
    try {
      return byId(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };
  // Names of cases may contain "=", so that a place comes first.
  const said = () => new URLSearchParams(!place() && location.hash.includes("=") ? location.hash.slice(1) : "");
  const state = said();
  const remember = (key, value, usual) => {
    if (value === usual || value === "") state.delete(key);
    else state.set(key, value);
    const text = state.toString();
    history.replaceState(null, "", `#${text}`);
  };

  /** Ties a control to the address and to what is to be drawn again. */
  const tie = (control, key, usual, draw) => {
    const read = () => (control.type === "checkbox" ? (control.checked ? "1" : "") : control.value);
    const set = (value) => {
      if (control.type === "checkbox") control.checked = value === "1";
      else if (control.tagName !== "SELECT" || [...control.options].some((o) => o.value === value)) control.value = value;
      else control.value = usual;
    };
    set(state.has(key) ? state.get(key) : usual);
    control.addEventListener("input", () => {
      remember(key, read(), usual);
      draw();
    });
    return () => set(state.has(key) ? state.get(key) : usual);
  };
  const fill = (select, options) => {
    select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  };

  // ----------------------------------------------------------------------------------- every case

  /** One row for each contender in each case. */
  const rows = data.cases.flatMap((one, order) =>
    one.rows.map((row) => ({ ...row, one, order, contender: data.contenders[row.c] })),
  );
  for (const one of data.cases) {
    one.between = new Map(one.ratios.map(([a, b, figure]) => [`${a} ${b}`, figure]));
  }
  const ratioTo = (row, reference) => {
    if (!row.time || row.c === reference) return null;
    const found = row.one.between.get(`${row.c} ${reference}`);
    if (found) return found;
    const turned = row.one.between.get(`${reference} ${row.c}`);
    return turned ? [1 / turned[0], 1 / turned[2], 1 / turned[1], turned[3]] : null;
  };
  const verdictOf = (figure) => {
    if (!figure || figure[3]) return "";
    const [, low, high] = figure;
    if (low > 1 - data.margin && high < 1 + data.margin) return "same";
    if (high < 1 - data.margin) return "faster";
    if (low > 1 + data.margin) return "slower";
    return "unresolved";
  };
  const WORDS = { same: "= same", faster: "▼ faster", slower: "▲ slower", unresolved: "? unresolved" };

  const estimate = (figure) => {
    if (!figure) return "";
    const [centre, low, high, range] = figure;
    if (range) {
      const [size] = unitOf(centre);
      return `${time(centre)} (${digits(low / size)} to ${digits(high / size)}, n = ${range})`;
    }
    return `${time(centre)} ±${digits((50 * (high - low)) / Math.abs(centre))} %`;
  };
  const difference = (figure) => {
    if (!figure) return "";
    const [centre, low, high] = figure;
    const [size, unit] = unitOf(centre);
    const open = low <= 0 && high >= 0 ? " (not resolved)" : "";
    return `${digits(centre / size)} ±${digits((high - low) / 2 / size)} ${unit}${open}`;
  };

  const filters = byId("filters");
  const SHORT = 40;
  let whole = false;
  let sort = { key: "", down: false };
  const COLUMNS = [
    ["case", (row) => row.order],
    ["contender", (row) => row.c],
    ["time", (row) => row.time?.[0]],
    ["floor", (row) => row.floor?.[0]],
    ["crossing", (row) => row.crossing?.[0]],
    ["ratio", (row, reference) => ratioTo(row, reference)?.[0] ?? (row.c === reference && row.time ? 1 : undefined)],
    ["verdict", (row, reference) => verdictOf(ratioTo(row, reference)) || undefined],
  ];

  const wanted = (reference) => {
    const { regime, verdict, contender, search, variants } = filters.elements;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const named = state.get("cases")?.split(" ");
    return rows.filter((row) => {
      if (named && !named.includes(row.one.name)) return false;
      if (!variants.checked && row.contender.variant && !row.contender.asked_for && contender.value !== row.contender.name) return false;
      if (regime.value && row.one.name.split("/")[0] !== regime.value) return false;
      if (contender.value && row.contender.name !== contender.value) return false;
      if (verdict.value && verdictOf(ratioTo(row, reference)) !== verdict.value) return false;
      const text = `${row.one.name} ${row.contender.title} ${row.contender.name} ${row.one.about}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  };

  const drawRows = () => {
    const reference = data.contenders.findIndex((c) => c.name === filters.elements.reference.value);
    const found = wanted(reference);
    const column = COLUMNS.find(([key]) => key === sort.key);
    if (column) {
      // What has no figure stands at the end, whichever way it is sorted.
      found.sort((a, b) => {
        const [x, y] = [column[1](a, reference), column[1](b, reference)];
        if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
        const order = x < y ? -1 : x > y ? 1 : 0;
        return sort.down ? -order : order;
      });
    }
    const shown = whole ? found : found.slice(0, SHORT);
    const title = data.contenders[reference].title;
    const heads = ["Case", "Contender", "Time of a call", "Floor", "Crossing", `Times as long as ${title}`, "Verdict"];
    byId("cases").tHead.rows[0].replaceChildren(
      ...heads.map((text, place) => {
        const key = COLUMNS[place][0];
        const head = element("th", { scope: "col" }, element("button", { type: "button", "data-key": key }, text));
        if (sort.key === key) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
        return head;
      }),
    );
    byId("cases").tBodies[0].replaceChildren(
      ...shown.map((row) => {
        const figure = ratioTo(row, reference);
        const word = verdictOf(figure);
        const number = (text) => element("td", { class: "number" }, text);
        const cells = [
          element("td", { title: row.one.about }, caseLink(row.one.name)),
          element("td", {}, element("a", { href: `#contender-${row.contender.name}` }, swatch(row.contender), row.contender.title)),
        ];
        if (row.failed) {
          cells.push(element("td", { colspan: "5" }, `failed (${row.failed})`));
        } else {
          const ratio = figure ? ratioText(figure) : row.c === reference ? "1" : "–";
          cells.push(
            number(estimate(row.time)),
            number(estimate(row.floor)),
            number(difference(row.crossing)),
            number(ratio),
            element("td", {}, word ? element("span", { class: `verdict ${word}` }, WORDS[word]) : "–"),
          );
        }
        return element("tr", {}, ...cells);
      }),
    );
    const named = state.has("cases") ? `, of ${state.get("cases").split(" ").length} chosen cases` : "";
    byId("count").replaceChildren(`${shown.length} of ${found.length} rows shown${named}. `);
    if (named) {
      const button = element("button", { type: "button" }, "All cases");
      button.addEventListener("click", () => {
        remember("cases", "", "");
        drawRows();
      });
      byId("count").append(button);
    }
    byId("more").parentElement.hidden = found.length <= SHORT;
    byId("more").textContent = whole ? `Show the first ${SHORT} rows` : `Show all ${found.length} rows`;
  };

  const restore = [];
  const startTable = () => {
    const { reference, regime, verdict, contender, search, variants } = filters.elements;
    const all = data.contenders.map((c) => [c.name, c.title]);
    const timed = all.filter((_, place) => rows.some((row) => row.c === place && row.time));
    fill(reference, timed.length ? timed : all);
    fill(contender, [["", "all"], ...all]);
    fill(regime, [["", "all"], ...[...new Set(data.cases.map((c) => c.name.split("/")[0]))].map((name) => [name, name])]);
    fill(verdict, [["", "all"], ...Object.entries(WORDS)]);
    const usual = data.contenders[data.baseline].name;
    const controls = [
      [reference, "ref", timed.some(([name]) => name === usual) || !timed.length ? usual : timed[0][0]],
      [regime, "regime", ""],
      [verdict, "verdict", ""],
      [contender, "contender", ""],
      [search, "search", ""],
      [variants, "variants", ""],
    ];
    for (const [control, key, value] of controls) restore.push(tie(control, key, value, drawRows));
    filters.addEventListener("submit", (event) => event.preventDefault());
    const readSort = () => {
      const text = state.get("sort") ?? "";
      sort = { key: text.replace(/^-/, ""), down: text.startsWith("-") };
    };
    readSort();
    restore.push(readSort);
    byId("cases").tHead.addEventListener("click", (event) => {
      const key = event.target.closest("button")?.dataset.key;
      if (!key) return;
      sort = { key, down: sort.key === key && !sort.down };
      remember("sort", `${sort.down ? "-" : ""}${key}`, "");
      drawRows();
      byId("cases").tHead.querySelector(`[data-key="${key}"]`).focus();
    });
    byId("more").addEventListener("click", () => {
      whole = !whole;
      drawRows();
    });
    for (const place of document.querySelectorAll("[data-margin]")) place.textContent = data.margin * 100;
    drawRows();
  };

  // -------------------------------------------------------------------------------------- the guide

  const startGuide = () => {
    const guide = data.guide;
    if (!guide) return;
    const form = byId("guide-form");
    const { work, rate, data: kind, gain, languages, builds, installs, lowest, prefer } = form.elements;
    const WORK = [100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
    const RATE = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
    const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const typical = median(guide.candidates.filter((c) => c.speed).map((c) => c.speed[0]));
    const written = (ns) => time(ns).replace(/\.0+ /, " ");
    byId("works").replaceChildren(...WORK.map((ns) => element("option", { value: written(ns) })));
    /** Nanoseconds of what was typed, such as "5 ms"; without a unit it is nanoseconds. */
    const read = (text) => {
      const found = /^\s*(\d+(?:\.\d+)?)\s*(ns|µs|μs|us|ms|s)?\s*$/.exec(text);
      return found ? Number(found[1]) * { ns: 1, us: 1e3, "µs": 1e3, "μs": 1e3, ms: 1e6, s: 1e9 }[found[2] ?? "ns"] : 0;
    };
    fill(rate, RATE.map((n) => [String(n), n.toLocaleString("en")]));
    fill(kind, guide.data.map((one) => [one.name, one.title]));
    fill(gain, [
      ["here", `${digits(typical)} times as fast, as here`],
      ["10", "10 times as fast"],
      ["3", "3 times as fast"],
      ["1", "no faster: it is native already"],
    ]);
    const known = [...new Set(guide.candidates.flatMap((c) => c.languages))];
    fill(languages, [["", "any language"], ...known.map((name) => [name, `any language but ${name}`])]);
    languages.parentElement.hidden = known.length < 2;
    fill(builds, [
      ["us", "we do, with any tool"],
      ["compiler", "users, who have a C compiler"],
      ["nothing", "users, who have only Python"],
    ]);
    fill(installs, [
      ["one", "one version of Python"],
      ["many", "many versions, from one wheel"],
    ]);
    fill(prefer, [
      ["time", "the least time"],
      ["silent", "fewest silent mistakes"],
      ["glue", "fewest lines of glue"],
      ["build", "shortest build from nothing"],
    ]);

    /** What a call would take, with the ends of both intervals; for the reference the work as it is. */
    const predicted = (candidate, ns, crossing) => {
      if (!candidate.speed) return [ns, ns, ns];
      const cost = crossing.costs[candidate.name];
      if (!cost) return null;
      const speed = gain.value === "here" ? candidate.speed : Array(3).fill(Number(gain.value));
      return [ns / speed[0] + cost[0], ns / speed[2] + cost[1], ns / speed[1] + cost[2]];
    };
    /** "3.11" of "CPython 3.11.7", and "3.14t" of a build without a GIL: what a wheel is built for. */
    const minor = (name) => name.replace(/^CPython /, "").replace(/(\d+\.\d+)\.\d+/, "$1");
    const order = (version) => version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);
    const tried = [...new Set(guide.interpreters.map(minor))].filter((version) => /^\d+\.\d+$/.test(version));
    tried.sort((a, b) => order(a) - order(b));
    const supported = tried.filter((version) => !guide.supported.length || guide.supported.includes(version));
    fill(lowest, tried.map((version) => [version, version]));
    for (const option of lowest.options) option.defaultSelected = option.value === supported[0];
    lowest.parentElement.hidden = tried.length < 2;
    /** Why a candidate is out of the question; empty when it is not. */
    const obstacle = (candidate) => {
      const missing = { us: [], compiler: candidate.tools.filter((tool) => tool !== "cc"), nothing: candidate.tools }[builds.value];
      if (candidate.languages.includes(languages.value)) return `is written in ${languages.value}`;
      if (missing.length) return `takes ${missing.join(" and ")} to build`;
      const serves = candidate.serves.map(minor);
      const buildsFor = [...serves, ...candidate.rebuilt.map(minor)];
      const from = tried.filter((version) => order(version) >= order(lowest.value || "0"));
      const without = from.filter((version) => !serves.includes(version));
      if (installs.value === "many" && from.length > 1 && without.length) {
        return `its wheel does not serve Python ${without.join(", ")}`;
      }
      if (from.length && !buildsFor.includes(from[0])) return `it was not built for Python ${from[0]}`;
      return "";
    };
    /** By what one of several as fast is chosen, and what is then said for it. */
    const REASONS = {
      time: [null, (c) => `no other is shown to take less time${c.glue === null ? "" : `, and it has ${c.glue} lines of glue`}`],
      silent: [(c) => (c.mistakes ? c.silent : undefined), (c) => `${c.silent} of ${c.mistakes} mistakes pass silently`],
      glue: [(c) => c.glue ?? undefined, (c) => `${c.glue} lines of glue`],
      build: [(c) => c.build ?? undefined, (c) => `${c.build?.toFixed(1)} s from nothing`],
    };
    const cores = (value) => {
      if (value >= 0.995) return `${digits(value)} processors`;
      if (value < 0.0001) return "less than 0.01 % of a processor";
      return `${digits(value * 100)} % of a processor`;
    };

    const draw = () => {
      const ns = read(work.value);
      work.setCustomValidity(ns > 0 ? "" : "A time such as 300 µs, 5 ms or 2 s");
      if (!(ns > 0)) {
        byId("advice").replaceChildren(element("p", {}, "How long does Python take for the work of one call? Type a time such as 300 µs, 5 ms or 2 s."));
        return;
      }
      const perSecond = Number(rate.value);
      const crossing = guide.data.find((one) => one.name === kind.value);
      const all = guide.candidates.map((candidate) => ({
        candidate,
        takes: predicted(candidate, ns, crossing),
        obstacle: obstacle(candidate),
      }));
      const ways = all.filter((way) => way.takes && !way.obstacle);
      const load = (way) => (way.takes[0] * perSecond) / 1e9;
      const now = (ns * perSecond) / 1e9;
      const best = ways.reduce((a, b) => (b.takes[0] < a.takes[0] ? b : a), ways[0]);
      // Equally fast: within 10 % of the fastest, or less than 1 % of a processor away from it.
      const equal = ways.filter((way) => way.takes[0] <= best.takes[0] * 1.1 || load(way) - load(best) < 0.01);
      const native = ways.filter((way) => way.candidate.speed);
      const home = ways.find((way) => !way.candidate.speed);
      // Whoever is there already pays nothing for staying, so a way out has to gain something.
      const idle = now < 0.01;
      const slower = native.every((way) => way.takes[0] >= ns);
      const able = equal.filter((way) => way.candidate.speed).sort((a, b) => a.takes[0] - b.takes[0]);
      const [value, reason] = REASONS[prefer.value];
      // Times whose intervals overlap cannot be told apart.
      const rank = (way) => (value ? (value(way.candidate) ?? Infinity) : Number(way.takes[1] > able[0].takes[2]));
      // Ties go to less effort.
      const effort = (way) => way.candidate.glue ?? Infinity;
      able.sort((a, b) => rank(a) - rank(b) || effort(a) - effort(b) || a.takes[0] - b.takes[0]);
      const leave = able[0];
      const chosen = home && (idle || slower) ? home : leave;
      const reference = data.contenders[data.reference].title;
      const out = [];
      const paragraph = (...children) => out.push(element("p", {}, ...children));
      const strong = (text) => element("strong", {}, text);
      if (!chosen) {
        paragraph(strong("No contender in the record fits this."), " Choose another answer for who builds or who installs.");
      } else if (!chosen.candidate.speed || chosen.takes[0] >= ns) {
        out.push(element("h3", {}, `Stay in ${reference}`));
        if (!native.length) paragraph("No other contender meets your requirements.");
        else if (idle) paragraph(`All these calls together take ${cores(now)}. A faster contender would gain too little to notice.`);
        else if (gain.value === "1") paragraph("Native code would not do this work faster, and the crossing adds to it.");
        else paragraph(`Passing ${crossing.title} costs more than native code saves. Let one call do more, or keep the data on the native side.`);
      } else {
        const { candidate, takes } = chosen;
        out.push(element("h3", {}, candidate.title));
        paragraph(
          `A call would take about ${timeBetween(takes)} instead of ${time(ns)}: ${digits(ns / takes[0])} times as fast. `,
          `At ${perSecond.toLocaleString("en")} ${perSecond === 1 ? "call" : "calls"} a second, ${reference} takes ${cores(now)}`,
          now > 1 ? " (more than one process can do)" : "",
          `, and this way takes ${cores(load(chosen))}.`,
        );
        const others = able.filter((way) => way !== chosen);
        if (others.length) {
          const known = !value || value(candidate) !== undefined;
          paragraph(
            `About as fast: ${others.map((way) => way.candidate.title).join("; ")}.`,
            known ? ` This one matches your preference: ${reason(candidate)}.` : "",
          );
        }
        const beaten = (way) => {
          const other = way.candidate;
          const words = [
            [other.silent < candidate.silent, `fewer mistakes pass silently (${other.silent} against ${candidate.silent})`],
            [other.glue < candidate.glue, `it needs less glue (${other.glue} lines against ${candidate.glue})`],
            [other.build < candidate.build, `it builds faster (${other.build?.toFixed(1)} s against ${candidate.build?.toFixed(1)} s)`],
            [other.serves.length > candidate.serves.length, `its wheel serves more interpreters (${other.serves.length} against ${candidate.serves.length})`],
          ];
          return words.filter(([better]) => better).map(([, text]) => text);
        };
        const rest = native.filter((way) => way !== chosen).sort((a, b) => a.takes[0] - b.takes[0]);
        const second = others[0] ?? rest[0];
        if (second) {
          const words = beaten(second);
          paragraph(
            strong("Second best: "),
            `${second.candidate.title}, about ${timeBetween(second.takes)} a call. `,
            words.length ? `It is the better choice if this decides: ${words.join("; ")}.` : "It is better in nothing that was measured here.",
          );
        }
        const cost = crossing.costs[candidate.name];
        const share = cost[0] / takes[0];
        if (share > 0.5) {
          paragraph(strong("Mind the crossing: "), `it is ${digits(share * 100)} % of such a call. Pass many items at once, or keep the data on the native side.`);
        }
        const list = element("ul");
        const evidence = (...children) => list.append(element("li", {}, ...children));
        if (gain.value === "here") {
          const cases = guide.speed.flatMap((name, place) => (place ? [", ", caseLink(name)] : [caseLink(name)]));
          const [least, most, number] = candidate.spread;
          const range = number > 1 ? `: the mean of ${number} figures from ${digits(least)} to ${digits(most)}, of all ways that share this kernel. ` : ". ";
          evidence("Its kernel, without any crossing, is ", ratioText(candidate.speed), ` times as fast as ${reference}${range}`, ...cases, ".");
        }
        const where = crossing.cases.flatMap((name, place) => (place ? [", ", caseLink(name)] : [caseLink(name)]));
        evidence(`Passing ${crossing.title} without any work takes ${timeBetween(cost)}: `, ...where, ".");
        if (guide.interpreters.length) {
          const more = candidate.rebuilt.length ? `; it was rebuilt for ${candidate.rebuilt.length} more` : "";
          evidence(`Its wheel serves ${candidate.serves.length} of ${guide.interpreters.length} supported interpreters${more}: `, element("a", { href: "#effort-portability" }, "portability"), ".");
        }
        if (candidate.build !== null) {
          evidence(`A build from nothing takes ${candidate.build.toFixed(1)} s`, candidate.edit !== null ? `, after an edit of its ${candidate.glue} lines of glue ${candidate.edit.toFixed(1)} s` : "", ": ", element("a", { href: "#effort-builds" }, "build times"), ".");
        }
        if (candidate.mistakes) {
          evidence(`Out of ${candidate.mistakes} common mistakes, ${candidate.silent} can pass silently and ${candidate.crashes} can crash: `, element("a", { href: "#effort-mistakes" }, "when it goes wrong"), ".");
        }
        paragraph("Evidence in the record:");
        out.push(list);
        const price = [candidate.glue !== null ? `${candidate.glue} lines of glue` : "", candidate.build !== null ? `${candidate.build.toFixed(1)} s for a build` : ""].filter(Boolean);
        paragraph(
          strong("For a colleague: "),
          `With ${candidate.title} a call takes about ${time(takes[0])} instead of ${time(ns)}, ${digits(ns / takes[0])} times as fast`,
          price.length ? `, for ${price.join(" and ")}.` : ".",
        );
      }
      const unmeasured = all.filter((way) => !way.takes && !way.obstacle);
      if (unmeasured.length) {
        paragraph(
          strong("Not measured here: "),
          `${unmeasured.map((way) => way.candidate.title).join("; ")} with ${crossing.title}. One of them may be the better choice.`,
        );
      }
      paragraph("Nothing was measured on Windows or macOS.");
      const heads = ["way", "a call would take", "times as fast", "processors", "mistakes that pass silently", "glue", "note"];
      const body = element("tbody");
      const taken = (way) => (way.takes ? way.takes[0] : Infinity);
      for (const way of [...all].sort((a, b) => taken(a) - taken(b))) {
        const { candidate, takes } = way;
        const contender = data.contenders.find((c) => c.name === candidate.name);
        const number = (text) => element("td", { class: "number" }, text);
        const note = way.obstacle || (takes ? (way === chosen ? "advised" : "") : "not measured");
        body.append(
          element(
            "tr",
            { class: way === chosen ? "chosen" : way.obstacle || !takes ? "out" : "" },
            element("td", {}, swatch(contender), candidate.title),
            number(!takes ? "–" : candidate.speed ? timeBetween(takes) : time(ns)),
            number(takes ? digits(ns / takes[0]) : "–"),
            number(takes ? cores(load(way)) : "–"),
            number(candidate.mistakes ? `${candidate.silent} of ${candidate.mistakes}` : "–"),
            number(candidate.glue === null ? "–" : `${candidate.glue} lines`),
            element("td", {}, note),
          ),
        );
      }
      const head = element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text))));
      out.push(element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "All ways, table" }, element("table", {}, head, body)));
      byId("advice").replaceChildren(...out);
    };

    const usual = { work: "1 ms", rate: "1000", data: guide.data[0].name, gain: "here", languages: "", builds: "us", installs: "one", lowest: supported[0] ?? tried[0] ?? "", prefer: "time" };
    const strings = guide.data[1] ?? guide.data[0];
    usual.data = strings.name;
    for (const [key, value] of Object.entries(usual)) restore.push(tie(form.elements[key], key, value, draw));
    restore.push(draw);
    form.addEventListener("submit", (event) => event.preventDefault());
    byId("share").addEventListener("click", async () => {
      for (const key of Object.keys(usual)) state.set(key, form.elements[key].value);
      history.replaceState(null, "", `#${state}`);
      try {
        await navigator.clipboard.writeText(location.href);
        byId("shared").textContent = "Copied.";
      } catch {
        byId("shared").textContent = "It is in the address of this page.";
      }
    });
    draw();
  };

  // --------------------------------------------------------------------------- marks, theme, places

  const startMarks = () => {
    const tip = byId("tip");
    for (const mark of document.querySelectorAll(".picture .mark")) {
      const title = mark.querySelector("title");
      mark.dataset.tip = title.textContent;
      // The browser's own would come late and stand over ours.
      title.remove();
    }
    document.addEventListener("pointermove", (event) => {
      const mark = event.target.closest?.(".mark");
      tip.hidden = !mark;
      if (!mark) return;
      tip.textContent = mark.dataset.tip;
      const { width, height } = tip.getBoundingClientRect();
      tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`;
      tip.style.top = `${event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18}px`;
    });
    document.addEventListener("click", (event) => {
      const name = event.target.closest?.(".mark")?.dataset.case;
      if (name) location.hash = `case-${name}`;
    });
    for (const button of document.querySelectorAll(".reveal")) {
      button.addEventListener("click", () => {
        const table = byId(button.getAttribute("aria-controls"));
        table.hidden = !table.hidden;
        button.setAttribute("aria-expanded", String(!table.hidden));
      });
    }
  };

  const startTheme = () => {
    const button = byId("theme");
    const system = matchMedia("(prefers-color-scheme: dark)");
    const dark = () => (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    const show = () => {
      button.setAttribute("aria-pressed", String(dark()));
    };
    button.addEventListener("click", () => {
      document.documentElement.dataset.theme = dark() ? "light" : "dark";
      show();
    });
    system.addEventListener("change", show);
    show();
  };

  /** Opens what the address points at, or takes over what it chooses. */
  const goTo = () => {
    const target = place();
    if (target) {
      for (let around = target; around; around = around.parentElement) if (around.tagName === "DETAILS") around.open = true;
      target.scrollIntoView();
      return;
    }
    const chosen = said();
    for (const key of [...state.keys()]) state.delete(key);
    for (const [key, value] of chosen) state.set(key, value);
    for (const again of restore) again();
    drawRows();
    if (![...chosen.keys()].length) return;
    const table = ["cases", "regime", "ref", "search", "verdict", "contender", "variants", "sort"];
    const section = table.some((key) => chosen.has(key)) ? "all-cases" : "guide";
    (byId(section) ?? byId("all-cases")).scrollIntoView();
  };

  startTable();
  startGuide();
  startMarks();
  startTheme();
  addEventListener("hashchange", goTo);
  if (location.hash.length > 1) goTo();
})();
