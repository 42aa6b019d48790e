create table sample_order (
	id uuid primary key,
	note text not null
);
