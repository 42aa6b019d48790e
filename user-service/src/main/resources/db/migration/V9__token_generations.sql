-- Access tokens carry the generation that they were issued in; those of an earlier one are refused everywhere.
ALTER TABLE app_user ADD token_generation bigint NOT NULL DEFAULT 0, ADD tokens_revoked_at timestamptz;

-- For the list of those whose older tokens may still be about, which is asked for every second or so.
CREATE INDEX app_user_tokens_revoked_at ON app_user (tokens_revoked_at) WHERE tokens_revoked_at IS NOT NULL;
