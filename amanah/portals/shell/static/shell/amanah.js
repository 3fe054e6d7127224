// What every page may have, none needs: an offline page, and the old button states while something is on its way.
(() => {
  "use strict";
  if ("serviceWorker" in navigator) {
    window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  }
  // A form sent twice is a nuisance to everybody. The server refuses the second; this only shows that the first is under way.
  document.addEventListener("submit", event => {
    const button = event.submitter;
    if (button && !event.defaultPrevented) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("[aria-busy=true]").forEach(b => b.removeAttribute("aria-busy")));
  // The summary of errors takes the focus, so that a screen reader begins there.
  const summary = document.querySelector(".error-summary[data-focus]");
  if (summary) summary.focus();
})();
