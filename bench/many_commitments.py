"""20,000 promises of one agency, 400 of them late, 200,000 changes and 100,000 contributions, written by the database itself."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from engage.agencies.models import Agency

COMMITMENTS: Final = 20_000
CHANGES_EACH: Final = 10
CONTRIBUTIONS: Final = 100_000

_COMMITMENT: Final = """
INSERT INTO engage_commitment (id, agency_id, number, title, done_means, owner_office, focus_area, due_on, first_due_on,
    closed_on, draft, status, updates_count, last_updated_on, edit_version, created_at, translations)
SELECT gen_random_uuid(), %(agency)s, n, 'We will do thing number ' || n, 'It is done.', 'Office ' || n %% 12,
    (ARRAY['leadership_and_culture', 'community_engagement', 'procedural_justice', 'policy_and_practice',
           'safety_and_wellness'])[1 + n %% 5],
    current_date - 900 + n %% 1000, current_date - 900 + n %% 1000,
    CASE WHEN n %% 1000 < 880 THEN current_date - 900 + n %% 1000 END, false,
    CASE WHEN n %% 1000 < 860 THEN 'kept' WHEN n %% 1000 < 870 THEN 'not_kept' WHEN n %% 1000 < 880 THEN 'will_not_do'
         ELSE 'in_progress' END,
    %(changes)s, current_date - n %% 60, 1, now() - interval '1 day' * (n %% 1200), '{}'
FROM generate_series(1, %(many)s) AS n
"""
_CHANGE: Final = """
INSERT INTO engage_commitmentupdate (id, agency_id, commitment_id, number, status_from, status_to, owner_office_from,
    owner_office_to, title_from, title_to, done_means_from, done_means_to, reason, note, at)
SELECT gen_random_uuid(), c.agency_id, c.id, n, '', '', '', '', '', '', '', '', '', 'Work goes on.',
    now() - interval '1 day' * (300 - n)
FROM engage_commitment AS c, generate_series(1, %(changes)s) AS n WHERE c.agency_id = %(agency)s
"""
_CONTRIBUTION: Final = """
INSERT INTO engage_contribution (id, agency_id, kind, way_in, language, body, anonymous, said_on, speaker, table_label,
    may_quote, endorsements_count, answer, moderation, hidden_reason, edit_version, said_by)
SELECT gen_random_uuid(), %(agency)s, 'question', 'web', 'en', 'When will thing ' || n || ' be done?', true,
    current_date - n %% 700, '', '', false, 0, '', 'shown', '', 1, ''
FROM generate_series(1, %(said)s) AS n
"""
_COMMUNITIES: Final = """
INSERT INTO engage_commitment_communities (commitment_id, community_id)
SELECT c.id, k.id FROM (SELECT id, number FROM engage_commitment WHERE agency_id = %(agency)s) AS c
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM engage_community WHERE agency_id = %(agency)s) AS k
  ON k.place = c.number %% 8
"""


def an_agency_with_many_commitments() -> Agency:
    """Seconds to make; the tables are analysed afterwards, as autovacuum would have done long ago."""
    from django.db import connection, connections

    from engage.agencies.models import Agency, Community

    agency = Agency.objects.create(
        slug=f"bench-{secrets.token_hex(4)}",
        name="Bench",
        timezone="America/Chicago",
        last_commitment_number=COMMITMENTS,
    )
    Community.objects.bulk_create(Community(agency=agency, name=f"Ward {number}") for number in range(8))
    values: dict[str, Any] = {
        "agency": agency.pk,
        "many": COMMITMENTS,
        "changes": CHANGES_EACH,
        "said": CONTRIBUTIONS,
    }
    with connection.cursor() as cursor:
        for statement in (_COMMITMENT, _CHANGE, _CONTRIBUTION, _COMMUNITIES):
            cursor.execute(statement, values)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return agency
