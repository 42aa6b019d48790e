-- Everybody knows the passwords of these accounts: they are of use only while the profile demo is active.
ALTER TABLE app_user ADD demo boolean NOT NULL DEFAULT false;
