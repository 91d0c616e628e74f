"""What is done on the form of an event before it is looked at."""

from __future__ import annotations

from playwright.sync_api import Page


def save_nothing_planned(page: Page) -> None:
    page.locator("main form.plan .buttons button").click()
    page.wait_for_selector("#errors")


def ask_for_a_time_that_comes_twice(page: Page) -> None:
    for name, value in {
        "title": "Night walk",
        "date": "2027-11-07",
        "starts": "01:30",
        "ends": "03:00",
    }.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("main form.plan .buttons button").click()
    page.wait_for_selector("[name=starts_fold]", state="attached")
