/* Small improvements. Every page works with this file missing. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("has-js");

  // A key of the browser's own, so that a form sent twice is one act and not two. Made once a page; a page shown again
  // after an error keeps it only if nothing was done.
  function freshKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  }
  function giveKeys(within) {
    within.querySelectorAll("input[data-fresh-key]").forEach((field) => {
      if (!field.value) field.value = freshKey();
    });
  }
  // The way back leads to a page that is fetched anew, with new keys. It is the same form to whoever pressed its button,
  // so it keeps the keys that this step of the browser's history had: pressed again, it shows what it made before.
  function sameKeys(restore) {
    const before = (history.state || {}).keys || {};
    const keys = {};
    const met = {};
    document.querySelectorAll("input[data-form-key]").forEach((field) => {
      const name = `${field.form ? field.form.action : ""} ${field.name}`;
      met[name] = (met[name] || 0) + 1;
      const place = `${name} ${met[name]}`;
      if (restore && before[place]) field.value = before[place];
      keys[place] = field.value;
    });
    if (Object.keys(keys).length) history.replaceState({ ...history.state, keys }, "");
  }

  // Plus and minus beside a number.
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".stepper button");
    if (!button) return;
    const number = button.parentElement.querySelector("input");
    if (button.value === "-1") number.stepDown();
    else number.stepUp();
    number.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Filters are closed on a phone and open where there is room.
  function openWide(within) {
    if (!matchMedia("(min-width: 64em)").matches) return;
    within.querySelectorAll("details[data-open-wide]").forEach((part) => {
      part.open = true;
    });
  }

  document.addEventListener("click", (event) => {
    const printer = event.target.closest("[data-print]");
    if (printer) window.print();
    const sharer = event.target.closest("[data-share]");
    if (sharer) share(sharer);
  });
  function share(button) {
    const told = { title: document.title, url: button.dataset.share || location.href };
    if (navigator.share) navigator.share(told).catch(() => undefined);
    else copy(button, told.url);
  }
  document.addEventListener("click", (event) => {
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier, copier.dataset.copy);
  });
  const SAID_FOR = 4000;
  function copy(button, address) {
    const told = button.parentElement.querySelector("[role=status]");
    const field = button.parentElement.querySelector("input[data-address]");
    function byHand() {
      field.value = address;
      field.hidden = false;
      field.focus();
      field.select();
    }
    if (!navigator.clipboard) byHand();
    else navigator.clipboard.writeText(address).then(() => {
      told.textContent = button.dataset.copied;
      setTimeout(() => { told.textContent = ""; }, SAID_FOR);
    }, byHand);
  }

  // "Me too": the mark of a secret that only this browser has, so that one browser counts once. Nothing is made before the
  // button is pressed. Where none can be made, our page asks once more.
  const MARKS_KEPT = 30 * 24 * 3600 * 1000;
  function ownSecret() {
    const kept = JSON.parse(localStorage.getItem("me-too") || "{}");
    if (kept.secret && Date.now() - kept.since < MARKS_KEPT) return kept.secret;
    const made = { secret: freshKey(), since: Date.now() };
    localStorage.setItem("me-too", JSON.stringify(made));
    return made.secret;
  }
  async function markFor(what) {
    const told = new TextEncoder().encode(`${ownSecret()}:${what}`);
    const mark = new Uint8Array(await crypto.subtle.digest("SHA-256", told));
    return Array.from(mark, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("input[data-mark]");
    if (!field || field.value) return;
    event.preventDefault();
    markFor(field.dataset.mark)
      .then((mark) => { field.value = mark; })
      .catch(() => undefined)
      .finally(() => event.target.submit());
  });

  // Ctrl + Enter saves what is being written.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form[data-quick-save]");
    if (form) form.requestSubmit();
  });

  // After an error the reader starts at the list of what to mend; a swapped part may ask for the focus too.
  function takeFocus(within) {
    const wanted = within.querySelector("#errors, [data-take-focus]");
    if (wanted) wanted.focus();
  }

  function prepare(within) {
    giveKeys(within);
    openWide(within);
    takeFocus(within);
  }
  prepare(document);
  sameKeys(true);

  // Public pages open without a signal once they were read; pages behind a link and of staff are never kept.
  function keepPublicPages() {
    if (!("serviceWorker" in navigator) || !document.querySelector("#offline-strip[hidden]")) return;
    navigator.serviceWorker
      .register("/sw.js")
      .then(() => navigator.serviceWorker.ready)
      .then((ready) => ready.active.postMessage({ keep: location.href.split("#")[0] }))
      .catch(() => undefined);
  }
  window.addEventListener("load", keepPublicPages);
  // A public page that comes out of the browser's memory was sent already: the next person at this screen is another.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("input[data-fresh-key]").forEach((field) => { field.value = freshKey(); });
  });
  // Whoever pressed the button of a filter wants what it found: on a phone the filter folds up above it.
  function toWhatWasFound(found, cause) {
    if (found.id !== "results" || !cause || cause.type !== "submit") return;
    const filter = cause.target.querySelector("details[data-open-wide]");
    if (!filter || matchMedia("(min-width: 64em)").matches) return;
    filter.open = false;
    found.focus();
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    prepare(event.target);
    toWhatWasFound(event.target, event.detail.requestConfig.triggeringEvent);
    sameKeys(false);
  });
  // What was sent by htmx and did not arrive is said where it was sent from.
  ["htmx:sendError", "htmx:responseError"].forEach((name) => document.addEventListener(name, (event) => {
    const sender = event.detail.elt.closest("[data-not-saved]");
    const told = document.getElementById("told");
    if (!sender || !told) return;
    const notice = document.createElement("div");
    notice.className = "notice notice--bad";
    notice.textContent = sender.dataset.notSaved;
    told.replaceChildren(notice);
  }));
  // An answer that refuses (400, 409) is shown where it was asked for: it says at the field what to mend.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 400 || status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
})();
