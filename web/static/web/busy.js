/* While a long form is on its way: says so, and takes no second press. */
(function () {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-busy]");
    if (!form || event.defaultPrevented) return;
    form.querySelector("[data-busy-says]").textContent = form.dataset.busy;
    // After this event: a button that is out of use already would send nothing.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-busy] button").forEach((button) => { button.disabled = false; });
  });
})();
