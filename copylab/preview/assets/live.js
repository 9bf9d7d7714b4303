// Follows the files: after a change the parts that differ are put in, nothing else moves.
"use strict";
{
  // The other language keeps what the reader has chosen here.
  const keepAddress = () => {
    for (const anchor of document.querySelectorAll("a[data-keep-address]")) {
      const url = new URL(anchor.href);
      url.search = location.search;
      url.hash = location.hash;
      anchor.href = url.href;
    }
  };
  document.addEventListener("pointerover", keepAddress);
  document.addEventListener("focusin", keepAddress);

  const parts = (root) => [...root.querySelectorAll("[data-live]")];

  const openDetails = (part) =>
    new Set([...part.querySelectorAll("details[open][id]")].map((item) => item.id));

  const isInner = (part) => part.parentElement?.closest("[data-live]") !== null;

  const replaceParts = (fresh) => {
    let changed = false;
    const found = new Map(parts(fresh).map((part) => [part.dataset.live, part]));
    const old = parts(document).filter((part) => !isInner(part));
    const known = new Set(old.map((part) => part.dataset.live));
    if (old.some((part) => !found.has(part.dataset.live))) return null;
    if (parts(fresh).some((part) => !isInner(part) && !known.has(part.dataset.live))) return null;
    for (const part of old) {
      const next = found.get(part.dataset.live);
      // What scripts have made of a part is not what the server sent: compare the latter.
      const sent = part.copylabSent ?? part.innerHTML;
      if (sent === next.innerHTML) continue;
      const open = openDetails(part);
      const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
      part.replaceChildren(...document.importNode(next, true).childNodes);
      part.copylabSent = next.innerHTML;
      for (const id of open) part.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      changed = true;
    }
    return changed;
  };

  const remember = () => {
    for (const part of parts(document)) part.copylabSent = part.innerHTML;
  };

  let running = false;
  let again = false;
  const refresh = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        const answer = await fetch(location.href, { headers: { "X-Copylab": "refresh" }, cache: "no-store" });
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        const [x, y] = [scrollX, scrollY];
        const changed = replaceParts(fresh);
        if (changed === null) {
          location.reload(); // another page altogether: gone, renamed, or broken
          return;
        }
        document.title = fresh.title;
        scrollTo(x, y);
        if (changed) document.dispatchEvent(new CustomEvent("copylab:changed"));
      } while (again);
    } catch {
      // the server is away; the stream says so and comes back
    } finally {
      running = false;
    }
  };

  const follow = () => {
    const state = document.querySelector("[data-follow]");
    const stream = new EventSource(new URL(`${document.body.dataset.root}/events`, location.href));
    let stamp = null;
    let timer = 0;
    const tell = (text, isOn) => {
      if (!state) return;
      state.textContent = text;
      state.classList.toggle("bar-live--off", !isOn);
    };
    stream.addEventListener("state", (event) => {
      const isFirst = stamp === null;
      const isNew = !isFirst && stamp !== event.data;
      stamp = event.data;
      clearTimeout(timer);
      if (!isNew) {
        tell(state?.dataset.on ?? "", true);
        if (isFirst) refresh(); // what changed while the page was on its way is told to nobody
        return;
      }
      tell(state?.dataset.updated ?? "", true);
      timer = setTimeout(() => tell(state?.dataset.on ?? "", true), 2000);
      refresh();
    });
    stream.addEventListener("error", () => tell(state?.dataset.off ?? "", false));
    addEventListener("pagehide", () => stream.close());
    // A page that comes back from the browser's memory follows again.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  };

  // A script has changed the address: what the server says of it is put in as well.
  document.addEventListener("copylab:refresh", refresh);

  remember();
  if ("served" in document.documentElement.dataset) follow();
}
