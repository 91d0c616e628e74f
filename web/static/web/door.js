/* At a door a tap that was not saved must be seen. */
(function () {
  "use strict";
  // One line, one truth: a tap that was lost stays said until a tap is saved; a look that fails says that there is no
  // connection, until one succeeds.
  const lines = ["connected", "not-connected", "not-saved"].map((id) => document.getElementById(id));
  let shown = "connected";
  function say(which) {
    shown = which;
    for (const line of lines) line.hidden = line.id !== which;
  }
  function isLook(event) { return ["door-poll", "q"].includes(event.detail.elt.id); }
  for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(trouble, (event) => {
      if (!isLook(event)) say("not-saved");
      else if (shown === "connected") say("not-connected");
    });
  }
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status >= 400) return;
    if (!isLook(event) || shown === "not-connected") say("connected");
  });
  window.addEventListener("offline", () => { if (shown === "connected") say("not-connected"); });

  // Letters that were still on their way when Enter was pressed: their answer comes after the welcome, and is not wanted.
  function dropLateAnswers() {
    const field = document.getElementById("q");
    field.addEventListener("htmx:beforeOnLoad", (event) => { if (!field.isConnected) event.preventDefault(); });
  }
  dropLateAnswers();
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "door-work") dropLateAnswers(); });

  // A link to the walk-in form opens it, and the field is ready.
  function openWalkIn() {
    if (location.hash !== "#walk-in") return;
    const walkIn = document.getElementById("walk-in");
    walkIn.open = true;
    walkIn.querySelector("input[name=party]").focus();
  }
  window.addEventListener("hashchange", openWalkIn);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href='#walk-in']")) setTimeout(openWalkIn);
  });
  openWalkIn();
  document.addEventListener("arrived", () => { document.getElementById("walk-in").open = false; });
})();
