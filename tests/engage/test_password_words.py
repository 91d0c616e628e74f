"""A password made of the words of this work is the first that anybody tries."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    "password",
    [
        "Police-Engage-2027!",
        "P0l1ce-M33ting-12",
        "townhall2027townhall",
        "¡Policía2027Policía!",
        "badge0000000001",
    ],
)
def test_one_that_is_made_of_them_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_of_our_words" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize(
    "password", ["wide open windows in spring", "seven meetings by the green river", "7f3c-1e90-aa42-04bd"]
)
def test_others_and_longer_ones_with_such_a_word_are_taken(password: str) -> None:
    validate_password(password)
