CREATE TABLE intent (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
  amount INTEGER NOT NULL, currency TEXT NOT NULL, manual INTEGER NOT NULL, metadata TEXT NOT NULL,
  charge INTEGER NOT NULL, status TEXT NOT NULL, method TEXT, captured INTEGER NOT NULL,
  refunded INTEGER NOT NULL, decline TEXT, canceled_at INTEGER NOT NULL, cancellation_reason TEXT);
CREATE INDEX intent_created ON intent (created);
CREATE INDEX intent_charge ON intent (created) WHERE charge = 1;

CREATE TABLE metadata (name TEXT, value TEXT, intent INTEGER, PRIMARY KEY (name, value, intent)) WITHOUT ROWID;

CREATE TABLE refund (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, intent INTEGER NOT NULL,
  created INTEGER NOT NULL, amount INTEGER NOT NULL, reason TEXT, metadata TEXT NOT NULL);
CREATE INDEX refund_created ON refund (created);
CREATE INDEX refund_intent ON refund (intent, created);

CREATE TABLE change (number INTEGER PRIMARY KEY, created INTEGER NOT NULL, intent INTEGER NOT NULL,
  refund INTEGER, refused TEXT, event_id TEXT UNIQUE, event_type TEXT, status TEXT NOT NULL,
  method TEXT, captured INTEGER NOT NULL, refunded INTEGER NOT NULL, decline TEXT,
  canceled_at INTEGER NOT NULL, cancellation_reason TEXT);
CREATE INDEX change_event ON change (event_type, created) WHERE event_id IS NOT NULL;

CREATE TABLE answer (change INTEGER PRIMARY KEY, created INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,
  request INTEGER NOT NULL);

CREATE TABLE delivery (event_id TEXT PRIMARY KEY, due INTEGER NOT NULL, attempts INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX delivery_due ON delivery (due);

PRAGMA user_version = 1;
