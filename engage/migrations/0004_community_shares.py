"""The shares of one kind of community sum to at most 100 %: held by the database, checked at commit."""

from django.db import migrations

ADD = """
CREATE FUNCTION engage_community_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two sessions that each add a share must not both pass on their own sum.
    PERFORM pg_advisory_xact_lock(hashtextextended('community_shares' || NEW.agency_id::text || NEW.kind, 0));
    IF (SELECT coalesce(sum(population_share), 0) FROM engage_community
        WHERE agency_id = NEW.agency_id AND kind = NEW.kind) > 100 THEN
        RAISE EXCEPTION 'shares over 100' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'community_shares_at_most_100';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER community_shares_at_most_100
    AFTER INSERT OR UPDATE ON engage_community DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW WHEN (NEW.population_share IS NOT NULL) EXECUTE FUNCTION engage_community_shares();
"""

REMOVE = """
DROP TRIGGER community_shares_at_most_100 ON engage_community;
DROP FUNCTION engage_community_shares();
"""


class Migration(migrations.Migration):
    dependencies = [("engage", "0003_one_agency")]

    operations = [migrations.RunSQL(ADD, REMOVE)]
