"""A form whose act asks first (engage.confirming): what was typed comes along, and nothing of it is lost.

The first press shows what follows; the second, with the digest of just that, does it. No script is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from engage.confirming import ConfirmRequired, Question
from engage.refusals import RuleViolation
from web.site.forms.kept_answers import OURS
from web.site.forms.page import Shows, form_page
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, show

# What the page itself adds to a form, beside what somebody typed.
_OURS = OURS | {"confirm", "change"}


def asking_form_page[Made](
    request: HttpRequest,
    form: TakesRefusals,
    act: Callable[[str], Made],
    *,
    shown: Shows,
    asks: Callable[[ConfirmRequired, int], HttpResponse],
    done: Callable[[Made], HttpResponse],
    refused: Callable[[RuleViolation], HttpResponse | None] = lambda _refusal: None,
) -> HttpResponse:
    """As ``form_page``. act: is given the digest that came along, "" with none.

    asks: the page that shows what follows (``asks_page``), and its status: 409 where another answer came along. Its button
    ``change`` leads back to the form as it was typed. A file cannot come along: ask about one by another way.
    """
    if request.method == "POST" and "change" in request.POST:
        return shown(status=HTTPStatus.OK)

    def answered(refusal: RuleViolation) -> HttpResponse | None:
        if isinstance(refusal, ConfirmRequired):
            return asks(refusal, HTTPStatus.CONFLICT if refusal.is_new else HTTPStatus.OK)
        return refused(refusal)

    confirm = request.POST.get("confirm", "")
    return form_page(request, form, lambda: act(confirm), shown=shown, done=done, refused=answered)


def asks_page(
    request: HttpRequest,
    desk: Desk,
    question: Question,
    *,
    heading: str,
    button: str,
    back: str,
    back_words: str,
    leave: str,
    status: int = HTTPStatus.OK,
    is_grave: bool = False,
    nav: str = "events",
) -> HttpResponse:
    """What follows, in words; one button that does it, and everything typed again in hidden fields.

    back: the address of what this is about, and ``back_words`` its name. leave: the words of the way out.
    """
    typed = [
        (name, value) for name in request.POST if name not in _OURS for value in request.POST.getlist(name)
    ]
    context = {
        "question": question,
        "heading": heading,
        "button": button,
        "back": back,
        "back_words": back_words,
        "leave": leave,
        "is_new": status == HTTPStatus.CONFLICT,
        "is_grave": is_grave,
        "may_change": bool(typed),
        "sent": [*typed, ("confirm", question.digest)],
    }
    return show(request, "site/frames/asks.html", desk, context, nav=nav, status=status)
