-- The data keys of a service that encrypts personal data: the last one encrypts, all decrypt.
create table encryption_key (
	-- from 1 and without a gap
	number integer primary key,
	-- encrypted with the master key that its first bytes name
	secret bytea not null,
	created_at timestamptz not null default now(),
	-- the columns of which no row needs an older key any more
	encrypted text[] not null default '{}'
);

-- The answer is encrypted, and the hash of the body is a keyed one.
alter table idempotency_key add encrypted boolean not null default false;

-- In place of payload, where the service encrypts.
alter table dead_letter add encrypted_payload bytea;
