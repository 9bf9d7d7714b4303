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
      if (slider && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(raw)) {
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

  const stateOf = () => {
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
    for (const button of all("[data-try-persona]"))
      button.setAttribute("aria-pressed", String(button.dataset.tryPersona === state.persona));
    one("[data-try-reset]").hidden = choice.typed.size === 0 && choice.missing.size === 0;
    const unused = all("[data-try-control]").filter((control) => control.hidden).map((control) => control.dataset.tryControl);
    const note = one("[data-try-unused]");
    note.hidden = unused.length === 0;
    note.textContent = `${note.dataset.said.replace("%p", `${state.channel}.${state.locale}`)}: ${unused.join(", ")}`;
    one("[data-try-status]").textContent = state.said;
  };

  // ---- Results ---------------------------------------------------------------------

  const problem = (text) => {
    const note = one("[data-try-problem]");
    note.textContent = text;
    note.hidden = text === "";
  };

  // A card that has not changed stays as it is: an e-mail in it need not load again.
  const putIn = (fresh) => {
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
    showState();
    document.dispatchEvent(new CustomEvent("copylab:tried"));
  };

  let asked = 0;
  let answered = 0;
  let timer = 0;

  const ask = async () => {
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
      putIn(document.importNode(fresh, true));
      problem("");
    } catch {
      if (number >= answered) problem(section.dataset.saidLost);
    } finally {
      result.toggleAttribute("aria-busy", number < asked);
    }
  };

  const askSoon = () => {
    result.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
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
        if (!choice.typed.has(name)) {
          const raw = one("[data-try-raw]", item).value || usual(item);
          choice.typed.set(name, raw);
        }
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
    if (field.matches("[data-try-channel]")) {
      choice.channel = field.value;
      choice.locale = choice.locale || stateOf().locale;
      askSoon();
    } else if (field.matches("[data-try-locale]")) {
      choice.locale = field.value;
      askSoon();
    } else if (!control) return;
    else if (field.matches("[data-try-missing]")) switchOff(control, field.checked);
    else if (field.matches("[data-try-slider]")) change(control, roundTo(field));
    else if (field.matches("[data-try-field]")) change(control, itemsOf(control));
    else if (field.matches("[data-try-raw], [data-try-option], [data-try-day]")) change(control, field.value);
  };

  const onClick = (event) => {
    const button = event.target.closest("button");
    const control = button?.closest("[data-try-control]");
    if (!button) return;
    if (button.matches("[data-try-persona]")) {
      choice.persona = button.dataset.tryPersona;
      forget();
    } else if (button.matches("[data-try-reset]")) {
      forget();
      one("[data-try-persona][aria-pressed='true']")?.focus();
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
      readAddress(); // somebody else may have written it: the page has a persona, too
      showState();
    });
    addEventListener("popstate", () => {
      readAddress();
      askSoon();
    });
    if (isServed) showState();
  }
}
