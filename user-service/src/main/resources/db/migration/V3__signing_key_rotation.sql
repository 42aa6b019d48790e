-- A key is published before it signs, so that everybody has it when the first token comes.
ALTER TABLE signing_key ADD signs_from timestamptz;
UPDATE signing_key SET signs_from = created_at;
ALTER TABLE signing_key ALTER signs_from SET NOT NULL;
