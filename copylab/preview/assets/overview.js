// Search and filters of the overview: over the rows in the page, with the state in the address.
"use strict";
{
  const page = document.querySelector("[data-overview]");
  const KEYS = ["q", "campaign", "channel", "locale", "market", "purpose", "audience"];
  const ONLY = { findings: 2, gaps: 4, running: 8 };
  const SNIPPETS = 40; // so many rows show where their words were found
  const AROUND = 28;
  let rows = [];
  let sections = [];
  let columns = [];
  let facts = {};
  let state = {};
  let announcing = 0;

  // Wide forms and case do not matter to somebody who looks for a word.
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const all = (selector, root = page) => [...root.querySelectorAll(selector)];

  const readRows = () => {
    const partials = all("[data-partial]").map((item) => item.textContent);
    facts = page.querySelector("[data-facts]").dataset;
    // A channel has no dot in its name, and no locale has one.
    columns = facts.columns.split(" ").filter(Boolean).map((name) => name.split("."));
    sections = all("[data-campaign]");
    rows = [];
    for (const section of sections) {
      const campaign = section.dataset.campaign;
      for (const element of all("tbody tr", section)) {
        const data = element.dataset;
        const heading = element.cells[0].firstElementChild;
        const name = campaign ? `${campaign}/${heading.textContent}` : heading.textContent;
        const included = (data.u ?? "").split(" ").filter(Boolean).map((place) => partials[place]);
        rows.push({
          element,
          section,
          campaign,
          link: heading.tagName === "A" ? heading : null,
          codes: data.c,
          flags: ("f" in data ? ONLY.findings : 0) | (/[4-7]/.test(data.c) ? ONLY.gaps : 0) | ("r" in data ? ONLY.running : 0),
          market: (data.m ?? "").split(" "),
          purpose: data.p ?? "",
          audience: (data.a ?? "").split("\n"),
          text: [data.w, ...included],
          folded: fold([name, data.t, data.a ?? "", data.w, ...included].join("\n")),
          isShown: true,
        });
      }
    }
  };

  const readAddress = () => {
    const given = new URLSearchParams(location.search);
    state = Object.fromEntries(KEYS.map((key) => [key, given.has(key) ? given.get(key) : null]));
    state.only = (given.get("only") ?? "").split(",").filter((word) => word in ONLY);
  };

  const writeAddress = () => {
    const url = new URL(location.href);
    for (const key of KEYS) {
      if (state[key] === null) url.searchParams.delete(key);
      else url.searchParams.set(key, state[key]);
    }
    if (state.only.length) url.searchParams.set("only", state.only.join(","));
    else url.searchParams.delete("only");
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };

  const isChosen = () => KEYS.some((key) => state[key] !== null) || state.only.length > 0;

  const showControls = () => {
    for (const control of all("[data-filter]")) {
      const value = state[control.dataset.filter];
      if (control.tagName === "SELECT") {
        const place = [...control.options].findIndex((option, at) => at > 0 && option.value === value);
        control.selectedIndex = value === null || place < 0 ? 0 : place;
        if (value !== null && place < 0) state[control.dataset.filter] = null;
      } else if (control.value !== (value ?? "")) control.value = value ?? "";
    }
    for (const button of all("[data-only]"))
      button.setAttribute("aria-pressed", String(state.only.includes(button.dataset.only)));
  };

  // The columns of the chosen channel and locale; null where all count.
  const chosenColumns = () => {
    if (state.channel === null && state.locale === null) return null;
    const places = [];
    columns.forEach(([channel, locale], place) => {
      const fits = (state.channel ?? channel) === channel && (state.locale ?? locale) === locale;
      if (fits) places.push(place);
    });
    return places;
  };

  // What of findings, gaps and experiments a row has, in the chosen columns; -1 where it does not fit.
  const flagsOf = (row, words, places) => {
    if (state.campaign !== null && row.campaign !== state.campaign) return -1;
    if (state.market !== null && !row.market.includes(state.market)) return -1;
    if (state.purpose !== null && row.purpose !== state.purpose) return -1;
    if (state.audience !== null && !row.audience.includes(state.audience)) return -1;
    let flags = row.flags;
    if (places !== null) {
      let code = 0;
      for (const place of places) code |= Number(row.codes[place]);
      if (code === 0) return -1;
      flags = (flags & ONLY.running) | (code & (ONLY.findings | ONLY.gaps));
    }
    return words.every((word) => row.folded.includes(word)) ? flags : -1;
  };

  const filter = () => {
    const words = fold(state.q ?? "").split(/\s+/).filter(Boolean);
    const places = chosenColumns();
    const asked = state.only.reduce((sum, word) => sum | ONLY[word], 0);
    const counts = { findings: 0, gaps: 0, running: 0 };
    const filled = new Set();
    let count = 0;
    for (const row of rows) {
      const flags = flagsOf(row, words, places);
      const isShown = flags >= 0 && (flags & asked) === asked;
      if (flags >= 0) for (const key in ONLY) if (flags & ONLY[key]) counts[key] += 1;
      if (row.element.hidden === isShown) row.element.hidden = !isShown;
      row.isShown = isShown;
      if (isShown) {
        count += 1;
        filled.add(row.section);
      }
    }
    for (const section of sections) section.hidden = !filled.has(section);
    for (const button of all("[data-only]")) button.querySelector("[data-number]").textContent = counts[button.dataset.only];
    tell(count);
    showSnippets(words);
  };

  const tell = (count) => {
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const said =
      count === rows.length
        ? facts.all
        : facts.shown.replace("{n}", number.format(count)).replace("{total}", number.format(rows.length));
    const shown = page.querySelector("[data-count]");
    if (shown) shown.textContent = said;
    for (const item of all("[data-none]")) item.hidden = count > 0;
    for (const item of all(".overview-filters [data-clear]")) item.hidden = !isChosen();
    // Said once the reader has paused, not at each letter.
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      const status = page.querySelector("[data-announced]");
      if (status && status.textContent !== said) status.textContent = said;
    }, 400);
  };

  const findPlace = (text, words) => {
    for (const word of words) {
      const place = fold(text).indexOf(word);
      // Folding may change a length; then the place is not one of the text.
      if (place >= 0 && fold(text.slice(place, place + word.length)) === word) return [place, word.length];
    }
    return null;
  };

  const showSnippets = (words) => {
    for (const old of all(".overview-found")) old.remove();
    if (!words.length) return;
    let left = SNIPPETS;
    for (const row of rows) {
      if (!row.isShown) continue;
      if (left-- === 0) return;
      for (const text of row.text) {
        const found = findPlace(text, words);
        if (!found) continue;
        const [start, length] = found;
        const from = Math.max(0, start - AROUND);
        const until = Math.min(text.length, start + length + AROUND);
        const note = document.createElement("small");
        note.className = "overview-found";
        const mark = document.createElement("mark");
        mark.textContent = text.slice(start, start + length);
        note.append(from > 0 ? "…" : "", text.slice(from, start), mark, text.slice(start + length, until), until < text.length ? "…" : "");
        row.element.cells[0].append(note);
        break;
      }
    }
  };

  const apply = () => {
    showControls();
    filter();
  };

  const change = () => {
    writeAddress();
    apply();
  };

  const clear = () => {
    for (const key of KEYS) state[key] = null;
    state.only = [];
    change();
    page.querySelector("#overview-q")?.focus();
  };

  const links = () => rows.filter((row) => row.isShown && row.link).map((row) => row.link);

  const move = (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const search = page.querySelector("#overview-q");
    const found = links();
    const here = found.indexOf(document.activeElement);
    if (here < 0 && document.activeElement !== search) return;
    let next = null;
    if (event.key in steps) next = here + steps[event.key];
    else if (here >= 0 && event.key === "Home") next = 0;
    else if (here >= 0 && event.key === "End") next = found.length - 1;
    if (next === null || !found.length) return;
    event.preventDefault();
    if (next < 0) {
      search.focus();
      search.select();
      return;
    }
    const link = found[Math.min(next, found.length - 1)];
    link.focus({ preventScroll: true });
    link.closest("tr").scrollIntoView({ block: "nearest" });
  };

  const isWriting = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  const listen = () => {
    page.addEventListener("input", (event) => {
      const key = event.target.dataset.filter;
      if (!key) return;
      const isAny = event.target.tagName === "SELECT" ? event.target.selectedIndex === 0 : event.target.value === "";
      state[key] = isAny ? null : event.target.value;
      writeAddress();
      filter();
    });
    page.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if ("clear" in button.dataset) clear();
      const word = button.dataset.only;
      if (!word) return;
      state.only = state.only.includes(word) ? state.only.filter((other) => other !== word) : [...state.only, word];
      change();
    });
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const search = page.querySelector("#overview-q");
      if (!search) return;
      if (event.key === "/" && !isWriting(event.target)) {
        event.preventDefault();
        search.focus();
        search.select();
      } else if (event.key === "Escape" && event.target === search && search.value) {
        event.preventDefault();
        state.q = null;
        change();
      } else if (event.key === "Enter" && event.target === search) {
        links()[0]?.click();
      } else move(event);
    });
    addEventListener("popstate", () => {
      readAddress();
      apply();
    });
    page.addEventListener("toggle", keepFolded, true);
    addEventListener("resize", measureBar);
    document.addEventListener("copylab:changed", start);
  };

  // What the reader has folded up stays so when the files change.
  const folded = new Set();
  const keepFolded = (event) => {
    if (event.target.open) folded.delete(event.target.id);
    else folded.add(event.target.id);
  };

  // Column names stay in sight below the bar, which may take two lines.
  const measureBar = () => {
    const bar = document.querySelector(".bar");
    const isSticky = getComputedStyle(bar).position === "sticky";
    page.style.setProperty("--overview-top", isSticky ? `${bar.offsetHeight - 1}px` : "0px");
  };

  const start = () => {
    for (const id of folded) document.getElementById(id)?.removeAttribute("open");
    for (const item of all("[data-filters]")) item.hidden = false;
    readRows();
    apply();
  };

  if (page) {
    readAddress();
    measureBar();
    listen();
    start();
  }
}
