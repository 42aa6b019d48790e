-- Written by deploy/generate from platform.yml and deploy/templates/deploy/postgres/schemas.sql
-- Creates a schema and a login role for each service. A role owns its schema and has no rights on the others.
-- Idempotent. Runs as a superuser in the database of the platform. The passwords are settings of the session, set
-- by the caller: sagamart.gateway_password and so on. A service whose setting is
-- absent keeps its password, and a new role without one cannot log in. The setting sagamart.schemas may name others.
DO $$
DECLARE
  service text;
  password text;
BEGIN
  -- Concurrent runs would fail on each other's changes of the system catalogue.
  PERFORM pg_advisory_xact_lock(hashtext('sagamart.schemas'));
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  REVOKE ALL ON SCHEMA public FROM PUBLIC;

  FOREACH service IN ARRAY string_to_array(coalesce(nullif(current_setting('sagamart.schemas', true), ''),
      'gateway,users,products,orders,payments'), ',') LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = service) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT', service);
    END IF;
    password := nullif(current_setting('sagamart.' || service || '_password', true), '');
    IF password IS NOT NULL THEN
      EXECUTE format('ALTER ROLE %I PASSWORD %L', service, password);
    END IF;
    -- Nobody waits for ever: a hung statement, a lock, or a transaction that its owner forgot.
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', service, '30s');
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', service, '10s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', service, '30s');
    EXECUTE format('ALTER ROLE %I SET search_path = %I', service, service);

    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), service);
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, service);
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', service);
  END LOOP;
END
$$;
