create table aggregate (
	id uuid primary key,
	version integer not null
);

-- Without a unique constraint on the event: what is handled twice shall be seen here.
create table journal (
	position bigint generated always as identity primary key,
	consumer text not null,
	event_id uuid not null,
	aggregate_id uuid not null,
	sequence integer not null
);

create index journal_aggregate_id on journal (aggregate_id);
