-- What bots remember for all their sessions.
CREATE TABLE store (
    bot   TEXT NOT NULL,
    key   TEXT NOT NULL,
    -- JSON.
    value TEXT NOT NULL,
    PRIMARY KEY (bot, key)
) STRICT, WITHOUT ROWID;
