-- Ids come one by one (cache 1), so that a transaction that waited for another's row lock gets the higher id.
create table outbox (
	id bigint generated always as identity (cache 1) primary key,
	event_id uuid not null,
	topic text not null,
	msg_key text,
	type text not null,
	headers jsonb not null,
	payload bytea,
	created_at timestamptz not null,
	parked_at timestamptz,
	parked_cause text
) with (
	-- Rows live for milliseconds. Vacuum early and at full speed, or the relay walks over the dead ones.
	autovacuum_vacuum_scale_factor = 0,
	autovacuum_vacuum_threshold = 2000,
	autovacuum_vacuum_insert_threshold = -1,
	autovacuum_vacuum_cost_delay = 0,
	autovacuum_analyze_scale_factor = 0,
	autovacuum_analyze_threshold = 1000000
);

comment on column outbox.parked_at is 'Kafka refused this row for good; later rows of its topic and key wait until it is deleted or this is set to null';

create index outbox_parked on outbox (topic, msg_key) where parked_at is not null;

create table inbox (
	consumer text not null,
	event_id uuid not null,
	received_at timestamptz not null default now(),
	primary key (consumer, event_id)
) with (autovacuum_vacuum_insert_scale_factor = 0.5);

-- Only the clean-up asks for it, and rows arrive in its order.
create index inbox_received_at on inbox using brin (received_at) with (autosummarize = on);

create table dead_letter (
	id uuid primary key,
	consumer text not null,
	topic text not null,
	partition_number integer not null,
	record_offset bigint not null,
	msg_key bytea,
	type text,
	event_id uuid,
	headers jsonb not null,
	payload bytea,
	cause text not null,
	created_at timestamptz not null,
	unique (consumer, topic, partition_number, record_offset)
);

create table idempotency_key (
	caller text not null,
	endpoint text not null,
	key text not null,
	body_hash bytea not null,
	status integer,
	location text,
	content_type text,
	body bytea,
	created_at timestamptz not null default now(),
	primary key (caller, endpoint, key)
);

create index idempotency_key_created_at on idempotency_key (created_at);
