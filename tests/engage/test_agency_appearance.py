"""An agency's own colour is taken only where everybody can read on it; its links lead to pages and to nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engage.agencies.appearance import (
    DARK_GROUND,
    LEAST_CONTRAST,
    LIGHTER_DARK_GROUND,
    contrast,
    palette,
    palette_on_dark,
)
from engage.agencies.models import Agency
from engage.agencies.onboarding import change_settings
from engage.refusals import Invalid
from tests.makers.agencies import an_agency

_COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def changed(agency: Agency, **fields: Any) -> Agency:
    return change_settings(agency, actor=None, fields=fields, now=timezone.now())


def codes_of(refusal: Invalid) -> set[tuple[str, str]]:
    return {(error.field, error.code) for error in refusal.errors}


def test_contrast_is_as_the_guidelines_reckon_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


@given(_COLORS)
def test_white_words_can_be_read_on_every_shade_made_from_a_color_that_was_taken(color: str) -> None:
    family = palette(color)
    assert contrast(family["primary-deep"], "#ffffff") >= 7
    if contrast(color, "#ffffff") >= LEAST_CONTRAST:
        for shade in ("primary", "primary-dark"):
            assert contrast(family[shade], "#ffffff") >= LEAST_CONTRAST
        assert contrast(family["on-deep"], family["primary-deep"]) >= LEAST_CONTRAST
        assert contrast(family["primary-dark"], family["primary-soft"]) >= LEAST_CONTRAST


@given(_COLORS)
def test_on_a_dark_page_the_agencys_color_is_read_and_is_written_on(color: str) -> None:
    if contrast(color, "#ffffff") < LEAST_CONTRAST:
        return
    family = palette_on_dark(color)
    for shade in ("primary", "primary-dark", "deep-line"):
        for ground in (DARK_GROUND, LIGHTER_DARK_GROUND, family["primary-soft"]):
            assert contrast(family[shade], ground) >= LEAST_CONTRAST
        assert contrast(family["on-primary"], family[shade]) >= LEAST_CONTRAST
    assert contrast("#a9aeb1", family["primary-soft"]) >= LEAST_CONTRAST  # quiet words


@pytest.mark.django_db(databases=["default", "owner"])
class TestSaving:
    def test_a_color_on_which_white_cannot_be_read_is_refused(self) -> None:
        agency = an_agency()
        with pytest.raises(Invalid) as refused:
            changed(agency, primary_color="#ffbe2e")
        assert codes_of(refused.value) == {("primary_color", "low_contrast")}
        agency.refresh_from_db()
        assert agency.primary_color == ""
        assert changed(agency, primary_color="#7a1f5c").primary_color == "#7a1f5c"

    @pytest.mark.parametrize("color", ["red", "#fff", "#12345g", "#123456;}", "123456"])
    def test_what_is_no_color_is_refused(self, color: str) -> None:
        with pytest.raises(Invalid) as refused:
            changed(an_agency(), primary_color=color)
        assert "primary_color" in {error.field for error in refused.value.errors}

    @pytest.mark.parametrize(
        "links",
        [
            [{"title": "Complain", "url": "javascript:alert(1)"}],
            [{"title": "", "url": "https://board.example/"}],
            [{"title": "Board", "url": "https://"}],
            [{"title": "Board", "url": "https://board.example/", "more": 1}],
            [{"title": "Board", "url": "https://board.example/"}] * 9,
            "https://board.example/",
            [{"title": "x" * 81, "url": "https://board.example/"}],
            [{"title": "Board", "url": "https://[board/"}],
        ],
    )
    def test_a_link_that_leads_to_no_page_is_refused(self, links: Any) -> None:
        with pytest.raises(Invalid) as refused:
            changed(an_agency(), other_links=links)
        assert codes_of(refused.value) == {("other_links", "invalid")}

    def test_letters_of_its_own_have_to_be_given(self) -> None:
        with pytest.raises(Invalid) as refused:
            changed(an_agency(), mark="letters")
        assert codes_of(refused.value) == {("mark_letters", "required")}
        assert changed(an_agency(), mark="letters", mark_letters="HF").mark_letters == "HF"
