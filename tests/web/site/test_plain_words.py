"""No form speaks the framework's language, in any tongue."""

from __future__ import annotations

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.web.staff_clients import errors_of, staff


class Everything(forms.Form):
    words = forms.CharField(max_length=3)
    number = forms.IntegerField(min_value=2)
    most = forms.IntegerField(max_value=20)
    share = forms.DecimalField(max_digits=3, decimal_places=1)
    day = forms.DateField()
    time = forms.TimeField()
    moment = forms.DateTimeField()
    email = forms.EmailField()
    link = forms.URLField(assume_scheme="https")
    key = forms.UUIDField()
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")])
    file = forms.FileField()


_WRONG = {
    "words": "long", "number": "1", "most": "21", "share": "12345", "day": "x", "time": "x", "moment": "x", "email": "x",
    "link": "x y", "key": "x", "one": "x", "some": ["x"],
}  # fmt: skip
_FRAMEWORKS = (
    "Ensure",
    "Enter",
    "Select",
    "required",
    "submitted",
    "Asegúrese",
    "Introduzca",
    "Escoja",
    "obligatorio",
    "enviado",
)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("given", [{}, _WRONG], ids=["empty", "wrong"])
def test_every_kind_of_field_says_how_to_mend_it(language: str, given: dict[str, object]) -> None:
    with translation.override(language):
        said = {name: str(words[0]) for name, words in Everything(given, {}).errors.items()}
    assert set(said) == set(Everything.base_fields)
    assert not [words for words in said.values() if any(word in words for word in _FRAMEWORKS)]


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_party_of_99_is_told_the_limit_and_a_title_of_no_end_its_length(client: Client) -> None:
    agency = an_agency()
    event = an_event(agency, capacity=200)
    answer = client.post(f"/events/{event.pk}/rsvp", {"party_size": "0", "contact": "none", "language": "en"})
    assert errors_of(answer)["party_size"] == ["Write 1 or a larger number."]
    planned = staff(agency).post(f"/desk/{agency.slug}/events/new", {"title": "x" * 5000})
    assert "This is too long: at most" in str(errors_of(planned)["title"])


def test_the_list_of_mistakes_names_the_field_where_the_words_do_not() -> None:
    form = Everything({**_WRONG, "words": ""}, {})
    form.fields["words"].label = "Your words"
    form.add_error("day", "Choose a day that is still ahead.")
    summary = render_to_string("site/forms/_error_summary.html", {"form": form})
    assert ">Your words: Fill this in.</a>" in summary
    assert ">Most: Write 20 or a smaller number.</a>" in summary
    assert ">Choose a day that is still ahead.</a>" in summary
