-- The user's generation of tokens when the password was read. Whatever ends all sessions begins another one, and then nothing
-- begins any more with the log-in. Null: of an instance of the version before, whose log-ins begin nothing here.
ALTER TABLE login ADD token_generation bigint;
ALTER TABLE authorization_code ADD token_generation bigint;

-- That takes the place of app_user.sessions_ended_at, which compared the clocks of two instances. Nobody reads it any more but
-- instances of the version before, which run on during an upgrade: it is still written for them, and goes with the next version.
