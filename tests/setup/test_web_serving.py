"""config.web_serving: what gunicorn itself writes names no path and no address."""

import logging

import pytest

from config.web_serving import _WithoutRequests


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Error handling request /m/abcdefghijk", "Error handling request"),
        ("Error handling request GET /m/abcdefghijk", "Error handling request"),
        ("Worker (pid:12) was sent SIGKILL!", "Worker (pid:12) was sent SIGKILL!"),
    ],
)
def test_gunicorns_own_lines_keep_their_meaning_and_lose_whom_they_are_about(said: str, kept: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, said, (), None)
    assert _WithoutRequests().filter(record)
    assert record.getMessage().strip() == kept


@pytest.mark.parametrize(
    "said",
    [
        "Invalid request from ip=192.0.2.7: Invalid HTTP request line: 'GET /m/abcdefghijk'",
        "Invalid request from ip=2001:db8::1: Invalid HTTP Version: (9, 9)",
    ],
)
def test_what_is_no_request_at_all_is_no_news_of_gunicorns(said: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.WARNING, __file__, 1, said, (), None)
    assert not _WithoutRequests().filter(record)
