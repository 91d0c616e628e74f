"""How staff sign in: by email and password, then a second factor; tries are counted, and nobody signs up alone."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from engage.counting.client_address import address_of
from engage.people.models import Person
from engage.people.secret_tries import Secret, Try
from web.account.second_factors import is_second_factor_due
from web.account.tries import take_a_try
from web.account.what_ends import begin_under


class SignIn(DefaultAccountAdapter):
    """What allauth asks of us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Roles are given by invitation only."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the desk; to the account where a second factor is still to be set up: nothing else would open."""
        if isinstance(request.user, Person) and is_second_factor_due(request.user):
            return reverse("account")
        return str(super().get_login_redirect_url(request))

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request.META)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a try before the password is looked at. Raises ImmediateHttpResponse: 429."""
        address = str(credentials.get("email") or "").strip().lower()
        person = Person.objects.filter(email=address).first()
        self._try: Try = take_a_try(request, Secret.PASSWORD, person, address)

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth's word for: the password was right."""
        self._try.was_right()

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether this is still the person who signed in, before something that matters; wrong tries count."""
        taken = take_a_try(self.request, Secret.PASSWORD, user)
        if right := bool(user.check_password(password)):
            taken.was_right()
        return right

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """The first factor was right; the second is asked for under the state of this moment."""
        begin_under(request, user)
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return refused

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail goes through the ledger (outreach): allauth sends none of its own."""
        raise NotImplementedError(f"{template_prefix} has no message in outreach")


def sign_in(request: HttpRequest) -> HttpResponse:
    """allauth's page. Whoever is in already, but lacks a second factor that is asked for, would be sent round for ever."""
    from allauth.account.views import login

    if request.user.is_authenticated and is_second_factor_due(request.user):
        return redirect("account")
    return login(request)


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """allauth's pages name a sign-up address; there is nothing at it."""
    raise Http404
