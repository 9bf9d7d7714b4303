// Trying a message out: the controls, the address that keeps them, and what comes of it.
"use strict";
{
  const WAIT_MS = 120;
  const MOST_ADDRESS = 60000; // characters; a server refuses longer lines
  const section = document.querySelector("[data-try]");
  const result = section?.querySelector("[data-try-result]");
  const isServed = "served" in document.documentElement.dataset;

  const all = (selector, root = section) => [...root.querySelectorAll(selector)];
  const one = (selector, root = section) => root.querySelector(selector);

  // ---- What the reader chose: changes on top of a persona -------------------------

  const choice = { channel: "", locale: "", persona: "", typed: new Map(), missing: new Set() };

  const readAddress = () => {
    const address = new URLSearchParams(location.search);
    for (const key of ["channel", "locale", "persona"]) choice[key] = address.get(`try.${key}`) ?? "";
    choice.typed.clear();
    choice.missing.clear();
    for (const [key, value] of address) {
      if (key.startsWith("v.")) choice.typed.set(key.slice(2), value);
      if (key.startsWith("missing.") && !["", "0", "false"].includes(value)) choice.missing.add(key.slice(8));
    }
  };

  const writeChoice = (address) => {
    for (const key of [...address.keys()])
      if (key.startsWith("v.") || key.startsWith("missing.")) address.delete(key);
    for (const key of ["channel", "locale", "persona"])
      if (choice[key]) address.set(`try.${key}`, choice[key]);
      else address.delete(`try.${key}`);
    for (const [name, value] of choice.typed) address.set(`v.${name}`, value);
    for (const name of choice.missing) address.set(`missing.${name}`, "1");
    return address;
  };

  const keepAddress = (query) => {
    history.replaceState(history.state, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
  };

  // ---- Controls show what the server says of them ---------------------------------

  const isFocused = (item) => item === document.activeElement;

  const setValue = (field, value) => {
    if (field && field.value !== value && !isFocused(field)) field.value = value;
  };

  const asMinutes = (raw) => {
    const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:00(\.0+)?)?(Z|\+00:00)?$/.exec(raw.trim());
    return match ? `${match[1]}T${match[2]}` : "";
  };

  const readItems = (raw) => {
    try {
      const items = JSON.parse(raw);
      return Array.isArray(items) && items.every((item) => item && typeof item === "object" && !Array.isArray(item)) ? items : null;
    } catch {
      return null;
    }
  };

  const showItems = (control, raw) => {
    const box = one("[data-try-items]", control);
    const list = one("ol", box);
    const items = readItems(raw) ?? [];
    if (list.contains(document.activeElement) && list.children.length === items.length) return true;
    const rows = items.map((item, index) => makeItem(box, item, index));
    list.replaceChildren(...rows);
    one("[data-try-add]", box).disabled = items.length >= Number(box.dataset.max);
    return readItems(raw) !== null || raw === "";
  };

  const makeItem = (box, item, index) => {
    const row = one("template", box).content.firstElementChild.cloneNode(true);
    one(".try-item__number", row).textContent = box.dataset.saidItem.replace("%n", index + 1);
    one("[data-try-remove]", row).setAttribute("aria-label", box.dataset.saidRemove.replace("%n", index + 1));
    for (const field of all("[data-try-field]", row)) {
      const value = item[field.dataset.tryField];
      const text = value === undefined || value === null ? "" : String(value);
      if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === text))
        field.add(new Option(text, text));
      field.value = text;
    }
    return row;
  };

  const units = (text, isEncoded) => {
    const trimmed = text.trim().normalize("NFC");
    if (!isEncoded) return [...trimmed].length;
    let count = 0;
    for (const char of trimmed)
      count += /[A-Za-z0-9._~/?=&-]/.test(char) ? 1 : 3 * new TextEncoder().encode(char).length;
    return count;
  };

  const showCount = (control) => {
    const count = one("[data-try-count]", control);
    if (!count) return;
    const size = units(one("[data-try-raw]", control).value, "encoded" in count.dataset);
    count.textContent = count.dataset.said.replace("%n", size);
    count.classList.toggle("try-count--over", size > Number(count.dataset.most));
  };

  // The fields that stand beside the text: whether one of them can show it.
  const showFitting = (control, raw) => {
    const kind = control.dataset.kind;
    if (kind === "number") {
      const slider = one("[data-try-slider]", control);
      if (slider && !slider.copylabStops && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(raw)) {
        setValue(slider, raw.trim());
        slider.setAttribute("aria-valuetext", raw.trim());
      }
      return true;
    }
    if (kind === "enum" || kind === "bool") {
      const word = raw.trim();
      const wanted = kind === "bool" ? word.replace(/^T/, "t").replace(/^F/, "f") : word;
      const options = all("[data-try-option]", control);
      for (const option of options) option.checked = option.value === wanted;
      return raw === "" || options.some((option) => option.checked);
    }
    if (kind === "date" || kind === "datetime") {
      const day = one("[data-try-day]", control);
      const value = kind === "date" ? (/^\d{4}-\d\d-\d\d$/.test(raw.trim()) ? raw.trim() : "") : asMinutes(raw);
      setValue(day, value);
      return raw === "" || value !== "";
    }
    return kind === "list" ? showItems(control, raw) : true;
  };

  const showControl = (control, said) => {
    control.hidden = !said?.used;
    if (!said) return;
    setValue(one("[data-try-raw]", control), said.raw);
    const fits = showFitting(control, said.raw);
    const other = one(".try-any", control);
    if (other && !fits) other.open = true;
    one("[data-try-missing]", control).checked = said.missing;
    one("[data-try-input]", control).classList.toggle("try-control__input--off", said.missing);
    control.classList.toggle("try-control--missing", said.missing);
    control.classList.toggle("try-control--bad", said.told !== "");
    one("[data-try-raw]", control).setAttribute("aria-invalid", String(said.told !== ""));
    one("[data-try-told]", control).textContent = said.told;
    one("[data-try-then]", control).textContent = said.then;
    showCount(control);
  };

  let fromFile = null; // what a page without a server shows at present

  const stateOf = () => {
    if (fromFile) return fromFile;
    const root = one("[data-try-state]", result);
    return { ...JSON.parse(root.dataset.tryState), said: root.dataset.trySaid };
  };

  const showState = () => {
    const state = stateOf();
    for (const control of all("[data-try-control]"))
      showControl(control, state.controls[control.dataset.tryControl]);
    for (const option of all("[data-try-channel]")) option.checked = option.value === state.channel;
    for (const option of all("[data-try-locale]")) {
      option.checked = option.value === state.locale;
      option.disabled = !option.dataset.channels.split(" ").includes(state.channel);
      option.parentElement.hidden = option.disabled;
    }
    for (const option of all("[data-try-persona]")) option.checked = option.value === state.persona;
    const declared = one("[data-try-persona-choice]");
    if (declared) {
      declared.value = state.persona;
      if (declared.selectedIndex < 0) declared.selectedIndex = 0;
    }
    for (const note of all("[data-try-shares]"))
      note.hidden = !note.dataset.tryShares.split(" ").some((name) => state.controls[name]?.used);
    one("[data-try-reset]").hidden = choice.typed.size === 0 && choice.missing.size === 0;
    const unused = all("[data-try-control]").filter((control) => control.hidden).map((control) => control.dataset.tryControl);
    const note = one("[data-try-unused]");
    note.hidden = unused.length === 0;
    note.textContent = `${note.dataset.said.replace("%p", `${state.channel}.${state.locale}`)}: ${unused.join(", ")}`;
    one("[data-try-status]").textContent = state.said;
    one("[data-try-jump]").textContent = state.said;
  };

  // ---- Results ---------------------------------------------------------------------

  const problem = (text) => {
    const note = one("[data-try-problem]");
    note.textContent = text;
    note.hidden = text === "";
  };

  // A card that has not changed stays as it is: an e-mail in it need not load again.
  const putIn = (fresh, isNewest = true) => {
    const sent = fresh.outerHTML;
    for (const card of all("[data-try-variant]", fresh)) {
      const old = one(`[data-try-variant="${CSS.escape(card.dataset.tryVariant)}"]`, result);
      const html = card.outerHTML;
      if (old && (old.copylabSent ?? old.outerHTML) === html) card.replaceWith(old);
      else {
        card.copylabSent = html;
        for (const open of all("details[open][id]", old ?? card)) document.getElementById(open.id) && card.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
      }
    }
    result.replaceChildren(fresh);
    result.copylabSent = sent; // what the next look at the files is compared with
    if (isNewest) showState(); // else the controls show more than this answer knows
    document.dispatchEvent(new CustomEvent("copylab:tried"));
  };

  let asked = 0;
  let answered = 0;
  let timer = 0;
  let isPending = false; // a change that the address does not hold yet

  const ask = async () => {
    isPending = false;
    const query = writeChoice(new URLSearchParams(location.search)).toString();
    if (query.length > MOST_ADDRESS) {
      problem(section.dataset.saidLong);
      return;
    }
    keepAddress(query);
    const number = ++asked;
    try {
      const answer = await fetch(`${section.dataset.fragment}?${query}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (number < answered) return; // a later question was answered before
      answered = number;
      const fresh = one(".try-result", new DOMParser().parseFromString(text, "text/html"));
      putIn(document.importNode(fresh, true), number === asked && !isPending);
      problem("");
    } catch {
      if (number >= answered) problem(section.dataset.saidLost);
    } finally {
      result.toggleAttribute("aria-busy", number < asked);
    }
  };

  const askSoon = () => {
    if (!isServed) {
      answerFromFile();
      return;
    }
    isPending = true;
    result.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  };

  // ---- Without a server: results that the file holds --------------------------------

  const files = section && one("[data-try-files]");
  const held = files ? JSON.parse(one("[data-try-places]", files).content.textContent) : {};

  const answerFromFile = () => {
    const wanted = `${choice.channel}.${choice.locale}`;
    const [name, place] = Object.entries(held).find(([key]) => key === wanted) ??
      Object.entries(held).find(([key]) => key.startsWith(`${choice.channel}.`)) ?? Object.entries(held)[0];
    const persona = choice.persona in place.personas ? choice.persona : "typical";
    const isTypical = persona === "typical";
    const controls = structuredClone(place.personas[persona].controls);
    const chosen = place.axes.map((axis) => (isTypical ? stopOf(axis) : axis.usual));
    const numbers = isTypical ? place.variants.map((table) => pieceOf(table, place, chosen)) : place.personas[persona].pieces;
    if (isTypical)
      place.axes.forEach((axis, index) => {
        for (const control of alike(controlOf(axis.name))) {
          const said = controls[control.dataset.tryControl];
          const stop = axis.stops[chosen[index]];
          said.missing = stop === null;
          said.raw = stop ?? said.raw;
          said.told = said.used && control.dataset.tryControl === axis.name ? axis.told[chosen[index]] : said.told;
        }
      });
    const pieces = numbers.map((number) => one(`[data-try-piece="${number}"]`, files));
    const at = name.indexOf(".");
    fromFile = { channel: name.slice(0, at), locale: name.slice(at + 1), persona, controls, said: sayStatus(name, pieces) };
    const fresh = one(".try-result", result).cloneNode(false);
    const box = document.createElement("div");
    box.className = `try-variants try-variants--${fromFile.channel}`;
    box.append(...pieces.map((piece) => piece.content.firstElementChild.cloneNode(true)));
    fresh.append(box);
    const about = one(".try-about", result);
    if (about) fresh.append(about);
    putIn(fresh);
    cover(place, isTypical);
    try {
      keepAddress(writeChoice(new URLSearchParams(location.search)).toString());
    } catch {
      // a file on a disk may not be allowed to change its own address
    }
  };

  const controlOf = (name) => one(`[data-try-control="${CSS.escape(name)}"]`);

  const stopOf = (axis) => {
    const gone = axis.stops.indexOf(null);
    if (choice.missing.has(axis.name) && gone >= 0) return gone;
    const found = choice.typed.has(axis.name) ? axis.stops.indexOf(choice.typed.get(axis.name)) : -1;
    return found < 0 ? axis.usual : found;
  };

  const pieceOf = (table, place, chosen) =>
    table.pieces[table.axes.reduce((at, axis) => at * place.axes[axis].stops.length + chosen[axis], 0)];

  const sayStatus = (name, pieces) => {
    const sent = pieces.filter((piece) => piece.dataset.state === "sent").length;
    const findings = pieces.reduce((sum, piece) => sum + Number(piece.dataset.findings), 0);
    const said = pieces.length === 1 ? files.dataset.saidOne : files.dataset.said;
    return said.replace("%p", name).replace("%s", sent).replace("%n", pieces.length).replace("%f", findings);
  };

  // What the file has no results for is switched off, so that nothing shown is wrong.
  const cover = (place, isTypical) => {
    for (const control of all("[data-try-control]")) {
      const axis = place.axes.find((item) => alike(controlOf(item.name)).includes(control));
      const stops = isTypical ? (axis?.stops ?? []) : [];
      control.disabled = stops.length < 2;
      for (const field of all("[data-try-raw], [data-try-day], [data-try-field], [data-try-add], [data-try-remove]", control)) field.disabled = true;
      for (const field of all("[data-try-option]", control)) field.disabled = !stops.includes(field.value);
      for (const button of all("[data-try-set]", control)) button.disabled = !stops.includes(button.dataset.trySet);
      one("[data-try-missing]", control).disabled = !stops.includes(null) || stops.length < 2;
      coverSlider(control, stops.filter((stop) => stop !== null));
    }
    const note = one("[data-try-from-persona]");
    note.hidden = isTypical;
    note.textContent = note.dataset.said;
  };

  // A slider runs over the values that the file has results for, one step each.
  const coverSlider = (control, stops) => {
    const slider = one("[data-try-slider]", control);
    if (!slider) return;
    slider.disabled = stops.length < 2;
    if (slider.disabled) return;
    const raw = one("[data-try-raw]", control).value;
    slider.copylabStops = stops;
    [slider.min, slider.max, slider.step] = ["0", String(stops.length - 1), "1"];
    slider.value = String(Math.max(0, stops.indexOf(raw)));
    slider.setAttribute("aria-valuetext", raw);
    for (const mark of all(".try-slider__mark", control)) {
      const at = stops.indexOf(mark.dataset.trySet);
      mark.hidden = at < 0;
      mark.style.setProperty("--at", at / (stops.length - 1));
    }
  };

  // ---- The reader changes something ------------------------------------------------

  const alike = (control) => all(`[data-try-control][data-source="${CSS.escape(control.dataset.source)}"]`);

  const change = (control, raw) => {
    for (const item of alike(control)) {
      choice.typed.set(item.dataset.tryControl, raw);
      choice.missing.delete(item.dataset.tryControl);
      one("[data-try-missing]", item).checked = false;
      setValue(one("[data-try-raw]", item), raw);
      showFitting(item, raw);
      showCount(item);
    }
    askSoon();
  };

  const switchOff = (control, isOff) => {
    for (const item of alike(control)) {
      const name = item.dataset.tryControl;
      if (isOff) choice.missing.add(name);
      else {
        choice.missing.delete(name);
        if (!choice.typed.has(name) && !one("[data-try-raw]", item).value) choice.typed.set(name, usual(item));
      }
    }
    askSoon();
  };

  // What stands in a control that had no value: the least that its fields offer.
  const usual = (control) => {
    const slider = one("[data-try-slider]", control);
    if (slider) return slider.min;
    const option = one("[data-try-option]", control);
    if (option) return option.value;
    const day = one("[data-try-day]", control);
    if (day?.min) return day.min;
    return "";
  };

  const itemsOf = (control) =>
    JSON.stringify(
      all(".try-item", control).map((row) =>
        Object.fromEntries(all("[data-try-field]", row).filter((field) => field.value !== "").map((field) => [field.dataset.tryField, field.value])),
      ),
    );

  const roundTo = (slider) => {
    const step = slider.step.includes(".") ? slider.step.split(".")[1].length : 0;
    if (Number(slider.value) <= Number(slider.min)) return slider.min;
    if (Number(slider.value) >= Number(slider.max)) return slider.max;
    return Number(slider.value).toFixed(step);
  };

  const onInput = (event) => {
    const field = event.target;
    const control = field.closest("[data-try-control]");
    if (field.matches("[data-try-persona], [data-try-persona-choice]")) {
      choice.persona = field.value || "typical";
      forget();
    } else if (field.matches("[data-try-channel]")) {
      choice.channel = field.value;
      choice.locale = choice.locale || stateOf().locale;
      askSoon();
    } else if (field.matches("[data-try-locale]")) {
      choice.locale = field.value;
      askSoon();
    } else if (!control) return;
    else if (field.matches("[data-try-missing]")) switchOff(control, field.checked);
    else if (field.matches("[data-try-slider]")) change(control, field.copylabStops?.[field.value] ?? roundTo(field));
    else if (field.matches("[data-try-field]")) change(control, itemsOf(control));
    else if (field.matches("[data-try-raw], [data-try-option], [data-try-day]")) change(control, field.value);
  };

  const onClick = (event) => {
    const button = event.target.closest("button");
    const control = button?.closest("[data-try-control]");
    if (!button) return;
    if (button.matches("[data-try-reset]")) {
      forget();
      one("[data-try-persona]:checked, [data-try-persona-choice]")?.focus();
    } else if (button.matches("[data-try-set]")) change(control, button.dataset.trySet);
    else if (button.matches("[data-try-add]")) addItem(control);
    else if (button.matches("[data-try-remove]")) removeItem(control, button.closest(".try-item"));
  };

  const forget = () => {
    choice.typed.clear();
    choice.missing.clear();
    askSoon();
  };

  const addItem = (control) => {
    const box = one("[data-try-items]", control);
    const row = makeItem(box, {}, one("ol", box).children.length);
    for (const field of all("select", row)) field.selectedIndex = Math.min(1, field.options.length - 1);
    one("ol", box).append(row);
    one("[data-try-add]", box).disabled = one("ol", box).children.length >= Number(box.dataset.max);
    one("[data-try-field]", row)?.focus();
    change(control, itemsOf(control));
  };

  const removeItem = (control, row) => {
    row.remove();
    one("[data-try-add]", control).focus();
    change(control, itemsOf(control));
  };

  if (section && result) {
    readAddress();
    section.addEventListener("input", onInput);
    section.addEventListener("click", onClick);
    document.addEventListener("copylab:changed", () => {
      if (isPending) return; // the answer to what was typed just now is on its way
      readAddress(); // somebody else may have written it: the page has a persona, too
      // What was put in may have been asked for before the last value was set.
      if (choice.typed.size || choice.missing.size || choice.channel || choice.locale || choice.persona) askSoon();
      else showState();
    });
    addEventListener("popstate", () => {
      readAddress();
      askSoon();
    });
    if (isServed) showState();
    else answerFromFile();
  }
}
