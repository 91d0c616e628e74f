"""The eyes of these tests: a page made wrong on purpose is seen to be wrong, so that silence elsewhere means something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import axe, broken_words, no_sideways_scroll, tab_to
from tests.browser.opening import PHONE, Opened, opened
from tests.browser.running_site import Site

_POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"
_PAGE = '<!doctype html><html lang="en"><title>Made wrong</title><main><h1>Made wrong</h1>{}</main></html>'


@pytest.fixture
def a_page(browser: Browser, site: Site) -> Iterator[Opened]:
    """A page whose breaches fail nothing by themselves."""
    with opened(browser, site.url, size=PHONE) as made:
        yield made


def show(page: Page, content: str) -> None:
    headers = {"Content-Security-Policy": _POLICY, "Content-Type": "text/html; charset=utf-8"}
    page.route("**/made-wrong", lambda route: route.fulfill(body=_PAGE.format(content), headers=headers))
    page.goto("/made-wrong")


def test_a_page_without_faults_passes(a_page: Opened) -> None:
    show(a_page.page, '<p>All is well. <a href="/">Go on</a></p>')
    assert axe(a_page.page) == []
    assert no_sideways_scroll(a_page.page) == []
    # Every browser asks for an icon where a page names none.
    assert [one for one in a_page.guard.taken() if "favicon" not in one] == []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("<input name=city>", "label"),
        ("<h3>Too deep</h3>", "heading-order"),
        ('<svg role="img"><path d="M0 0h9v9z"/></svg>', "svg-img-alt"),
        ('<p lang="xx-nowhere">Text</p>', "valid-lang"),
        ('<font color="#bbbbbb">Pale words that nobody can read</font>', "color-contrast"),
    ],
)
def test_axe_sees(a_page: Opened, content: str, rule: str) -> None:
    show(a_page.page, content)
    assert [line.partition(":")[0] for line in axe(a_page.page)] == [rule]


def test_what_is_wider_than_a_small_screen_is_named_and_a_box_that_scrolls_may_be(a_page: Opened) -> None:
    show(a_page.page, '<table width="500"><tr><td>Wide table</table>')
    (said, *_more) = no_sideways_scroll(a_page.page)
    assert "Wide table" in said
    assert a_page.page.viewport_size == PHONE
    show(a_page.page, '<textarea cols="10" wrap="off">' + "x" * 200 + "</textarea>")
    assert no_sideways_scroll(a_page.page) == []


def test_a_word_that_a_narrow_column_breaks_is_seen(a_page: Opened) -> None:
    show(a_page.page, '<table width="30"><tr><td>Published</table><p>Published</p>')
    assert broken_words(a_page.page) == []
    a_page.page.evaluate(
        "() => { const sheet = new CSSStyleSheet();"
        " sheet.replaceSync('table { table-layout: fixed } td { overflow-wrap: anywhere }');"
        " document.adoptedStyleSheets = [sheet]; }"
    )
    assert broken_words(a_page.page) == ["the word “Published” is broken in <td>"]


def test_what_only_wider_letters_push_out_is_seen(a_page: Opened) -> None:
    show(a_page.page, f"<p><tt>{'m' * 34}</tt></p>")
    found = no_sideways_scroll(a_page.page)
    assert found
    assert all("with text spacing" in line for line in found)


def test_what_names_the_left_side_instead_of_the_lines_start_is_seen(a_page: Opened) -> None:
    show(a_page.page, "<p>Some words.</p>")
    a_page.page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('p {margin-left: -60px}');"
        " document.adoptedStyleSheets = [sheet]; }"
    )
    (said,) = no_sideways_scroll(a_page.page)
    assert "from right to left" in said
    assert a_page.page.evaluate("() => document.dir") == ""


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('<img src="http://cdn.example/x.png" alt="">', "asked another origin"),
        ("<p style='color: red'>x</p>", "Content Security Policy"),
        ("<script>1</script>", "Content Security Policy"),
        ('<img src="/static/missing.png" alt="">', "404"),
    ],
)
def test_the_guard_sees(a_page: Opened, content: str, word: str) -> None:
    show(a_page.page, content)
    assert any(word in breach for breach in a_page.guard.taken())


def test_the_guard_sees_scripts_that_fail_and_windows_that_open(a_page: Opened) -> None:
    show(a_page.page, "<p>x</p>")
    a_page.guard.taken()
    a_page.page.evaluate("() => { setTimeout(() => { throw new Error('broken') }) }")
    a_page.page.wait_for_timeout(100)
    assert any("broken" in breach for breach in a_page.guard.taken())


def test_the_keyboard_walk_reaches_a_link_and_not_what_cannot_take_the_focus(a_page: Opened) -> None:
    show(a_page.page, '<p id="no">No</p><a href="/1">One</a> <button>Two</button>')
    tab_to(a_page.page, a_page.page.get_by_role("button", name="Two"))
    with pytest.raises(AssertionError, match="One"):
        tab_to(a_page.page, a_page.page.locator("#no"), most=5)
