"""A file under 40 lines that one module alone imports is a detour, unless a reason stands here."""

from __future__ import annotations

from tests.architecture.sources import ROOT, module_of, name_of, sources, text_of
from tools.figures import importers

SMALL_FOR_A_REASON = {
    "config/caching/day_cells.py": "fills a hook of engage, which must know nothing of Redis",
    "config/serving/unreadable_requests.py": "what is said before the application is reached, apart from the loop that says it",
    "config/startup/deploy_checks.py": "a check that the app registers when it starts",
    "config/startup/erasure_list.py": "a check that the app registers when it starts",
    "engage/people/own_account.py": "an act and its row of activity stay in the domain, though one page alone offers it",
    "events/planning/intake_round.py": "the events' half of a round; the worker's makes one call",
    "web/commitments/changes_lately.py": "a concern of the pages' cache, apart from the page that it serves",
    "web/site/message_cookie.py": "the settings name it; what was said is kept with a form's answer",
    "web/events/staff_figures.py": "the queries of a head that stands on every staff page of an event",
}
# What a urls.py names is found by its address, what Django looks for by its name.
FOUND_BY_NAME = {"__init__", "apps", "models", "urls"}


def test_no_file_under_40_lines_has_one_importer_without_a_reason() -> None:
    by = importers(ROOT)
    small = set()
    for path in sources("engage", "events", "outreach", "api", "web", "config"):
        asked_by = by[module_of(path)]
        if (
            path.stem not in FOUND_BY_NAME
            and "commands" not in path.parts
            and len(text_of(path).splitlines()) < 40
            and len(asked_by) == 1
            and not next(iter(asked_by)).endswith(".urls")
        ):
            small.add(name_of(path))
    assert small - SMALL_FOR_A_REASON.keys() == set()
    assert SMALL_FOR_A_REASON.keys() - small == set(), "the reason is not needed any more"
