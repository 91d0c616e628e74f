/* An unsaved draft is warned of ten minutes before two idle hours end the sign-in. Polls are no act. */
(function () {
  "use strict";
  const notice = document.getElementById("idle");
  if (!notice) return;
  const patience = Number(notice.dataset.warnAfter) * 1000;
  let lastAct = Date.now();
  let draft = false;

  function acted() {
    lastAct = Date.now();
    notice.hidden = true;
  }
  function show(name) {
    notice.querySelectorAll("p[data-soon], p[data-over]").forEach((line) => { line.hidden = !line.hasAttribute(name); });
    notice.hidden = false;
  }
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[method='post']")) draft = true;
  });
  document.addEventListener("submit", () => { draft = false; });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.pathInfo.requestPath.includes("poll=1") && event.detail.successful) acted();
  });
  notice.querySelector("button").addEventListener("click", () => {
    fetch(notice.dataset.here, { credentials: "same-origin", redirect: "manual" })
      .then((answer) => (answer.ok ? acted() : show("data-over")))
      .catch(() => undefined);
  });
  // A laptop that slept wakes up to the true hour.
  setInterval(() => {
    if (draft && notice.hidden && Date.now() - lastAct >= patience) show("data-soon");
  }, Math.min(20000, patience));
})();
