"""What is looked at on a page: accessibility, sideways scrolling, the road of the keyboard."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page

ROOT = Path(__file__).resolve().parents[2]
# The narrowest screen that a page must fit (WCAG 2.2, 1.4.10).
SMALL: Final = {"width": 320, "height": 640}
_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_RUN_AXE: Final = """
async (tags) => {
  const found = await axe.run(document, {
    runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false,
  });
  return found.violations.map(rule => ({
    id: rule.id, help: rule.help,
    nodes: rule.nodes.map(node => ({at: node.target.flat(2).join(' '), html: node.html})),
  }));
}
"""
# WCAG 2.2, 1.4.12. A constructed sheet, since the content policy refuses style elements and attributes.
_SPACED: Final = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* {line-height: 1.5 !important; letter-spacing: .12em !important;' +
    ' word-spacing: .16em !important} p {margin-block-end: 2em !important}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
"""
# Columns that are too narrow break words that would fit on any phone.
_BROKEN_WORDS: Final = """
() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const around = text.parentElement;
    if (around.closest('.unseen, script, style, svg, option') || !around.checkVisibility()) continue;
    for (const word of text.data.matchAll(/[\\p{Script=Latin}\\p{N}’']{2,16}/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter(r => r.width).map(r => Math.round(r.top / 4)));
      if (lines.size > 1) found.push(`the word “${word[0]}” is broken in <${around.tagName.toLowerCase()}>`);
    }
  }
  return found.slice(0, 5);
}
"""
_UNSPACED: Final = "() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); }"
# The outermost thing that sticks out, unless a box around it scrolls by itself, as wide tables may (1.4.10); and text
# that a box cuts off. What is only for screen readers is a pixel wide.
_STICKS_OUT: Final = """
() => {
  const wide = document.documentElement.clientWidth, found = [];
  const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
  const named = (e) => `<${e.tagName.toLowerCase()} class="${e.getAttribute('class') || ''}"> ` +
    (e.textContent || '').trim().replace(/\\s+/g, ' ').slice(0, 60);
  const scrolls = (e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
  const look = (e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (style.display === 'none' || style.visibility === 'hidden') return;
    const seen = box.width > 2 && box.height > 2;
    const over = Math.round(rtl ? -box.left : box.right - wide);
    // Further away it is kept for screen readers, or until it has the focus.
    if (seen && over > 1 && over < 2000) { found.push(`${over} px too wide: ${named(e)}`); return; }
    const cut = ['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
    if (seen && cut && (e.textContent || '').trim() && e.clientWidth > 2) found.push(`text cut off: ${named(e)}`);
    if (!scrolls(e)) for (const child of e.children) look(child);
  };
  for (const child of document.body.children) look(child);
  const page = document.scrollingElement;
  if (!found.length && page.scrollWidth > wide + 1) found.push(`the page is ${page.scrollWidth} px wide`);
  return found;
}
"""
_WHERE: Final = """
() => { const e = document.activeElement;
  return `<${e.tagName.toLowerCase()}> ${(e.innerText || e.value || e.getAttribute('aria-label') || e.id || '').trim().slice(0, 40)}`; }
"""


def axe(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and best practice, one line for each place; empty where all is well."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_RUN_AXE, _TAGS)
    return [
        f"{rule['id']}: {rule['help']}: {node['at']}: {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


@functools.cache
def _source() -> str:
    # Its last statement's value would travel back to the test, and is no value that can travel.
    assert _AXE.exists(), "axe-core is not installed: run `make venv`"
    return _AXE.read_text(encoding="utf-8") + "\n;undefined"


def no_sideways_scroll(page: Page) -> list[str]:
    """What does not fit on a screen of 320 px: as it is, with WCAG's text spacing, and turned as for Arabic.

    The page's size and direction are put back.
    """
    size, direction = page.viewport_size, page.evaluate("() => document.documentElement.dir")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    found: list[str] = [f"at 320 px, {one}" for one in page.evaluate(_STICKS_OUT)]
    page.evaluate(_SPACED)
    found += [f"at 320 px with text spacing, {one}" for one in page.evaluate(_STICKS_OUT)]
    page.evaluate(_UNSPACED)
    page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    found += [f"at 320 px from right to left, {one}" for one in page.evaluate(_STICKS_OUT)]
    page.evaluate("was => { document.documentElement.dir = was; }", direction)
    if size:
        page.set_viewport_size(size)
    return found


def too_wide(page: Page, size: dict[str, int]) -> list[str]:
    """What sticks out of a screen of that size, as the page is. The page keeps the size."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    found: list[str] = page.evaluate(_STICKS_OUT)
    return found


def broken_words(page: Page) -> list[str]:
    """The first words that do not stand on one line, though they have sixteen letters at most."""
    found: list[str] = page.evaluate(_BROKEN_WORDS)
    return found


def tab_to(page: Page, wanted: Locator, *, most: int = 80) -> None:
    """Press Tab until ``wanted`` has the focus. Raises AssertionError with the road that was walked after ``most`` steps."""
    walked: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return
        walked.append(page.evaluate(_WHERE))
    raise AssertionError(f"{wanted} is not reached by Tab; passed: {walked}")
