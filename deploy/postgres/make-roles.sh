#!/bin/sh
# Runs once, when the database's volume is empty: two roles, and the database that the first of them owns.
# The owner migrates; the other serves and may change no table (its rights on rows come with the migrations).
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$DATABASE_OWNER_PASSWORD" --set app_password="$DATABASE_APP_PASSWORD" <<'SQL'
CREATE ROLE engage_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'owner_password';
CREATE ROLE engage_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
CREATE DATABASE engage OWNER engage_owner;
REVOKE ALL ON DATABASE engage FROM PUBLIC;
GRANT CONNECT ON DATABASE engage TO engage_app;
-- Each process asks for limits of its own as it connects (config/time_limits.py); these hold where a pooler drops that.
ALTER ROLE engage_app SET lock_timeout = '2s';
ALTER ROLE engage_app SET statement_timeout = '15s';
ALTER ROLE engage_app SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE engage_owner SET lock_timeout = '10s';
SQL
