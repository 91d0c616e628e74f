"""Telephone numbers as people write them: one reader for what is stored and for what a touch calls."""

from __future__ import annotations

import pytest
from django.utils.html import conditional_escape

from engage.contacts.addresses import normalised
from engage.contacts.telephones import calling

_WRITTEN = {
    "202 555 0123": "2025550123",
    "202-555-0123": "2025550123",
    "202.555.0123": "2025550123",
    "+1 (202) 555–0123": "+12025550123",
    "202\u2011555\u00a00123": "2025550123",
    "001 202 555 0123": "+12025550123",
    "٢٠٢ ٥٥٥ ٠١٢٣": "2025550123",
    "\u200e２０２-555-0123": "2025550123",
}


@pytest.mark.parametrize(("written", "number"), _WRITTEN.items())
def test_a_number_is_read_as_people_write_it(written: str, number: str) -> None:
    assert normalised("sms", written) == number
    assert f'href="tel:{number}"' in calling(written)
    assert written in calling(written)


@pytest.mark.parametrize("written", ["202-555-0123 ext. 5", "202 555 0123 x5", "202.555.0123, extension 5"])
def test_an_extension_is_kept_and_dialled(written: str) -> None:
    assert normalised("sms", written) == normalised("sms", normalised("sms", written)) == "2025550123 ext. 5"
    assert 'href="tel:2025550123;ext=5"' in calling(written)


@pytest.mark.parametrize("written", ["ask at the <desk>", "", "12", "202 555 0123 or 202 555 0199"])
def test_what_is_no_one_number_is_shown_as_it_is_and_calls_nothing(written: str) -> None:
    assert "<a" not in conditional_escape(calling(written))
    assert "<desk>" not in conditional_escape(calling(written))
