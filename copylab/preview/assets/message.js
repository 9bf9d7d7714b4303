// The page of a message: one channel and locale at a time, another locale beside it, the
// persona, and how phones and inboxes are drawn. All of it stands in the address.
"use strict";
{
  const room = document.querySelector("[data-message]");
  const panels = room.querySelector("[data-panels]");
  const asked = new URLSearchParams(location.search);
  const choice = Object.fromEntries(
    ["persona", "beside", "platform", "width", "dark"].map((name) => [name, asked.get(name) ?? ""]),
  );
  let current = "";

  const all = (selector, root = room) => [...root.querySelectorAll(selector)];
  const tabs = () => all("[data-tabs] > [data-panel]");
  const panelOf = (anchor) => document.getElementById(anchor);

  // A file on a disk may not be allowed to change its own address.
  const writeAddress = (hash) => {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(choice)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const text = query.toString();
    const address = `${location.pathname}${text && `?${text}`}${hash ?? location.hash}`;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      if (hash && hash !== location.hash) location.hash = hash;
    }
  };

  const anchorOf = (hash) => {
    const wanted = decodeURIComponent(hash.slice(1)).replace(/^tab\./, "");
    const found = tabs().map((tab) => tab.dataset.panel);
    return found.find((anchor) => wanted === anchor || wanted.startsWith(`${anchor}.`)) ?? "";
  };

  // ---- Tabs ----

  const dressTabs = () => {
    const list = room.querySelector("[data-tabs]");
    if (!list) return;
    list.setAttribute("role", "tablist");
    for (const tab of tabs()) {
      const isOn = tab.dataset.panel === current;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", tab.dataset.panel);
      tab.setAttribute("aria-selected", String(isOn));
      tab.tabIndex = isOn ? 0 : -1;
    }
  };

  const show = (anchor) => {
    const found = panelOf(anchor);
    if (!found) return;
    current = anchor;
    const { channel, locale } = found.dataset;
    const beside = choice.beside && choice.beside !== locale ? `${channel}.${choice.beside}` : "";
    const second = beside && panelOf(beside) ? beside : "";
    for (const panel of all(".message-panel")) {
      panel.hidden = panel.id !== anchor && panel.id !== second;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `tab.${panel.id}`);
      panel.classList.toggle("message-panel--first", panel.id === anchor);
    }
    panels.toggleAttribute("data-beside", second !== "");
    panels.setAttribute("data-ready", "");
    for (const tool of all("[data-only]")) tool.hidden = tool.dataset.only !== channel;
    const select = room.querySelector("[data-beside-choice]");
    for (const option of select?.options ?? [])
      option.disabled = option.value === locale || (option.value !== "" && !panelOf(`${channel}.${option.value}`));
    if (select) select.value = second ? choice.beside : "";
    dressTabs();
  };

  const goTo = (tab, isFocused) => {
    show(tab.dataset.panel);
    writeAddress(`#${tab.dataset.panel}`);
    if (isFocused) tab.focus();
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const KEYS = { ArrowRight: 1, ArrowLeft: -1 };

  room.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[data-tabs] > [data-panel]");
    if (!tab || event.altKey || event.ctrlKey || event.metaKey) return;
    const list = tabs();
    const at = list.indexOf(tab);
    let next;
    if (event.key in KEYS) next = list.at((at + KEYS[event.key]) % list.length);
    else if (event.key === "Home") next = list[0];
    else if (event.key === "End") next = list.at(-1);
    else if (event.key === " ") next = tab;
    else return;
    event.preventDefault();
    goTo(next, true);
  });

  room.addEventListener("click", (event) => {
    const tab = event.target.closest?.("[data-tabs] > [data-panel]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    goTo(tab, true);
  });

  addEventListener("hashchange", () => {
    const anchor = anchorOf(location.hash);
    if (!anchor) return;
    show(anchor);
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });

  // ---- Personas ----

  // A file holds what each persona gets; the one that is chosen is put in place.
  const swapShots = (name) => {
    for (const place of all("[data-shots]")) {
      const shots = all(":scope > [data-shot]", place);
      const wanted = shots.find((shot) => shot.dataset.shot.split(" ").includes(name));
      const present = shots.find((shot) => !(shot instanceof HTMLTemplateElement));
      if (!wanted || !present || wanted === present) continue;
      const kept = document.createElement("template");
      kept.dataset.shot = present.dataset.shot;
      kept.content.append(...present.childNodes);
      present.dataset.shot = wanted.dataset.shot;
      present.append(wanted.content);
      wanted.replaceWith(kept);
    }
  };

  const choosePersona = (name) => {
    room.dataset.persona = name;
    if ("files" in room.dataset) swapShots(name);
    else document.dispatchEvent(new CustomEvent("copylab:refresh"));
    const option = all("[data-persona-choice] option").find((item) => item.value === name);
    room.querySelector("[data-announce]").textContent = option?.dataset.said ?? "";
  };

  // ---- How it is drawn ----

  const draw = () => {
    for (const name of ["platform", "width", "dark"]) {
      if (choice[name]) room.dataset[name] = choice[name];
      else delete room.dataset[name];
      for (const button of all(`[data-set="${name}"]`))
        button.setAttribute("aria-pressed", String(button.dataset.value === choice[name]));
      for (const button of all(`[data-toggle="${name}"]`))
        button.setAttribute("aria-pressed", String(choice[name] !== ""));
    }
  };

  room.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-set], button[data-toggle]");
    if (!button) return;
    if (button.dataset.set) choice[button.dataset.set] = button.dataset.value;
    else choice[button.dataset.toggle] = choice[button.dataset.toggle] ? "" : "yes";
    draw();
    writeAddress();
  });

  room.addEventListener("change", (event) => {
    if (event.target.matches("[data-persona-choice]")) {
      choice.persona = event.target.value;
      writeAddress();
      choosePersona(choice.persona);
    } else if (event.target.matches("[data-beside-choice]")) {
      choice.beside = event.target.value;
      writeAddress();
      show(current);
    }
  });

  // ---- Changes of the files ----

  const keysOnPage = () => [...all(".message-panel"), ...all(".message-card")].map((item) => item.id);

  document.addEventListener("copylab:changed", () => {
    // A variant or a locale that came or went: the page has another shape.
    const told = room.querySelector("[data-keys]").textContent.split(/\s+/).filter(Boolean);
    const there = new Set(keysOnPage());
    if (told.length !== there.size || told.some((key) => !there.has(key))) {
      location.reload();
      return;
    }
    dressTabs();
  });

  // ---- The beginning ----

  for (const tool of all("[data-needs-scripts]")) tool.hidden = false;
  draw();
  const select = room.querySelector("[data-persona-choice]");
  const wanted = choice.persona;
  if (select && wanted && wanted !== room.dataset.persona && [...select.options].some((item) => item.value === wanted)) {
    select.value = wanted;
    choosePersona(wanted);
  } else if (select) {
    select.value = room.dataset.persona;
  }
  const first = anchorOf(location.hash) || tabs()[0]?.dataset.panel;
  if (first) show(first);
}
