-- What an operator did with a dead letter. The original stays beside what was changed.
alter table dead_letter
	add fixed_headers jsonb,
	add fixed_payload bytea,
	-- in place of fixed_payload, where the service encrypts
	add encrypted_fixed_payload bytea,
	add fixed_at timestamptz,
	add replay_at timestamptz,
	add discarded_at timestamptz,
	add discard_reason text;

-- A message is recognised by its id. Only one without an id is recognised by its place in the topic, which belongs to
-- another message after the topic was created anew.
alter table dead_letter drop constraint dead_letter_consumer_topic_partition_number_record_offset_key;
create unique index dead_letter_without_id on dead_letter (consumer, topic, partition_number, record_offset)
	where event_id is null;

create index dead_letter_to_replay on dead_letter (replay_at) where replay_at is not null;
create index dead_letter_discarded on dead_letter (discarded_at) where discarded_at is not null;
