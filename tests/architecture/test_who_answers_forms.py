"""A form is answered in one place: what is invalid never acts, and a refusal has the status that it has everywhere."""

from __future__ import annotations

import ast
from typing import Final

from tests.architecture.test_the_house import name_of, sources

# Who may look whether a form is whole, or answer for a rule that said no.
ANSWERS: Final = {
    "web/site/forms/page.py": "form_page, of which every form's view is made",
    "web/site/frames/staff.py": "the page that says no to staff",
    "web/site/frames/behind_a_link.py": "the page that says no to everybody else",
    "web/door/doorway.py": "a door that has closed is loaded anew",
    "web/door/arriving.py": "what the door refuses is a page of the doorway",
    "web/door/heads.py": "a tap that does not count is told beside the number",
    "web/events/find_form.py": "a search acts on nothing; what is wrong with its days stands where the list would",
    "web/desk/event_form.py": "an hour that the clocks leave out",
}


def test_forms_are_looked_at_and_refusals_answered_where_all_others_are() -> None:
    found = set()
    for path in sources("web"):
        for node in ast.walk(ast.parse(path.read_text())):
            looks = isinstance(node, ast.Attribute) and node.attr == "is_valid"
            caught = ast.unparse(node.type) if isinstance(node, ast.ExceptHandler) and node.type else ""
            if looks or "RuleViolation" in caught:
                found.add(name_of(path))
    assert found == set(ANSWERS)
