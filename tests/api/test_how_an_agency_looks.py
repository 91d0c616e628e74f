"""What stands on every page of an agency, read by everyone and set by its administrators."""

import pytest

from engage.agencies.models import Agency
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LOOK = {
    "official_line": "An official site", "tagline": "In plain words", "contact_address": "1 Main Street",
    "contact_email": "talk@city.example", "emergency_number": "112", "mark": "letters", "mark_letters": "HF",
    "primary_color": "#2e6b2f", "other_links": [{"title": "Oversight", "url": "https://board.example/"}],
    "translations": {"es": {"Oversight": "Supervisión"}},
}  # fmt: skip


def test_an_administrator_sets_it_and_everyone_reads_it() -> None:
    agency = an_agency()
    changed = api_of(agency, "admin").patch(f"/agencies/{agency.slug}/", LOOK)
    assert changed.status_code == 200
    said = the_public().get(f"/agencies/{agency.slug}/").json()
    assert {name: said[name] for name in LOOK} == LOOK


@pytest.mark.parametrize(
    "wrong",
    [
        {"primary_color": "#ffd000"}, {"primary_color": "red"}, {"mark": "badge"}, {"mark": "letters", "mark_letters": ""},
        {"contact_email": "nobody"}, {"other_links": [{"title": "x"}]},
        {"other_links": [{"title": "x", "url": "javascript:alert(1)"}]},
        {"other_links": [{"title": "x", "url": "https://a.example/", "icon": "y"}]},
        {"other_links": [{"title": "x", "url": "https://a.example/"}] * 9},
        {"translations": {"e s": {"x": "y"}}}, {"translations": {"es": {"x": "y" * 501}}},
        {"translations": {"es": {"x" * 501: "y"}}}, {"translations": {"es": {f"x{n}": "y" for n in range(201)}}},
    ],
)  # fmt: skip
def test_what_does_not_fit_changes_nothing_and_names_its_field(wrong: dict[str, object]) -> None:
    agency = an_agency()
    answer = api_of(agency, "admin").patch(f"/agencies/{agency.slug}/", wrong)
    assert answer.status_code == 400
    assert answer.json()["errors"]
    before = Agency.objects.filter(pk=agency.pk).values().get()
    assert (before["edit_version"], before["other_links"], before["primary_color"]) == (1, [], "")
