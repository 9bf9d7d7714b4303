// The report is computed while the page is there already, and put in when it is done.
"use strict";
{
  const place = document.querySelector("[data-report]");
  const state = document.getElementById("report-state");
  const button = document.getElementById("read-again");

  const say = (text) => {
    state.textContent = text;
  };

  const openDetails = (part) =>
    new Set([...part.querySelectorAll("details[open][id]")].map((item) => item.id));

  // Only what differs is put in: a reader keeps the place, and the line that has focus.
  const put = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const source of fresh.querySelectorAll("[data-into]")) {
      const target = document.getElementById(source.dataset.into);
      if (!target || target.copylabSent === source.innerHTML) continue;
      const open = openDetails(target);
      target.copylabSent = source.innerHTML;
      target.replaceChildren(...document.importNode(source, true).childNodes);
      for (const id of open) target.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    }
  };

  // Who came for a section of the report waits for it, unless they have gone on.
  const goToSection = () => {
    const section = location.hash.startsWith("#report-") && document.getElementById(location.hash.slice(1));
    if (section) section.scrollIntoView();
  };

  let isFirst = true;
  let running = false;
  let again = false;
  const read = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    place.setAttribute("aria-busy", "true");
    say(state.dataset.reading);
    button.disabled = true;
    try {
      do {
        again = false;
        const answer = await fetch(new URL(place.dataset.report, location.href), { cache: "no-store" });
        if (!answer.ok) throw new Error(answer.statusText);
        const [x, y] = [scrollX, scrollY];
        put(await answer.text());
        scrollTo(x, y);
      } while (again);
      say(state.dataset.read);
      if (isFirst) goToSection();
      isFirst = false;
    } catch {
      say(state.dataset.failed);
    } finally {
      running = false;
      button.disabled = false;
      place.removeAttribute("aria-busy");
    }
  };

  if (place) {
    button.hidden = false;
    button.addEventListener("click", read);
    document.addEventListener("copylab:changed", read);
    read();
  }
}
