-- The one data key so far becomes the first of the platform's table.
INSERT INTO encryption_key (number, secret) SELECT 1, secret FROM data_key;
DROP TABLE data_key;

-- What instances of the version before read when they start.
CREATE VIEW data_key AS SELECT secret FROM encryption_key WHERE number = 1;
