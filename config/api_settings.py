"""Settings of the REST API: what the framework is told, and how often is too often."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.BearerToken",
        "api.authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["api.strict_json.Json"],
    "DEFAULT_PARSER_CLASSES": ["api.strict_json.StrictJson"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.strict_json.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "api.openapi.MarkedSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.problem_details.answer_for",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "NON_FIELD_ERRORS_KEY": "non_field_errors",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Engage",
    "VERSION": "1",
    "DESCRIPTION": (
        "Meetings, places without an account, what was said, what was promised, and what came of it. "
        "Residents need no sign-in: they act by the links they were given."
    ),
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": "/", "description": "Where this text was read."}],
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "SERVE_INCLUDE_SCHEMA": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "SORT_OPERATIONS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "GENERIC_ADDITIONAL_PROPERTIES": "dict",
    "POSTPROCESSING_HOOKS": ["api.openapi.close_bodies"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "description": "A token from `/tokens/`."},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The sign-in of the pages; a change needs the CSRF token.",
            },
        }
    },
}

# Uses and seconds. One bucket for all public POSTs: separate ones would tell who asked a question.
RATES: dict[str, tuple[int, int]] = {
    "public_posts": (600, 600),
    # With the code on the wall (events.planning.room_codes): a hall full of people behind one address, for each meeting.
    "hall_posts": (3000, 600),
    "room_code_guesses": (300, 600),
    "token_guesses": (20, 600),
    # Wrong tries of a person's secret: engage/people/secret_tries.py.
    "secret:network": (60, 600),
    "secret:account-network": (10, 600),
    "secret:account": (100, 3600),
    "secret:code": (10, 600),
    "secret:code-day": (30, 86_400),
    "secret:code-person": (100, 86_400),
    "secret:device": (10, 600),
    "secret:device-day": (50, 86_400),
}
