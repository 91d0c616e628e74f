"""What holds in every test of a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.absent_names import looked_up_in_vain


@pytest.fixture(autouse=True)
def _every_name_that_a_template_asks_for_is_set() -> Iterator[None]:
    with looked_up_in_vain() as found:
        yield
    absent = sorted(each for each in found if not each.may_be)
    assert not absent, "nobody set what a template asks for: " + "; ".join(map(str, absent))
