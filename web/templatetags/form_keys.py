"""The key of a form (web.site.forms.one_act). Built in: ``{% csrf_token %}`` brings it along, so that no form of staff is without one."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.site.forms.kept_answers import FIELD, fresh_key

register = template.Library()


class _TokenAndKey(CsrfTokenNode):
    def render(self, context: Context) -> SafeString:
        return format_html("{}{}", super().render(context), form_key())


@register.tag("csrf_token")
def csrf_token(_parser: Parser, _token: Token) -> _TokenAndKey:
    return _TokenAndKey()


@register.simple_tag
def form_key() -> SafeString:
    """Alone, for a form that needs no token: on a page behind a link. Not for a page that a cache keeps."""
    return format_html('<input type="hidden" name="{}" value="{}" data-form-key>', FIELD, fresh_key())
