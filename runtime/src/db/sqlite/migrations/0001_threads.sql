-- `num`, `seq` and `changed` come from one counter of the writer, so that no two rows of different tables share one:
-- a document of `found` is a thread's name if its rowid is a thread's `num`, and a message if it is a step's `seq`.
-- A larger number is newer.

CREATE TABLE users (
    identifier   TEXT NOT NULL PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    display_name TEXT,
    metadata     TEXT NOT NULL,
    password     TEXT,
    created_at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Names of whose threads there are; whoever is removed from `users` leaves threads behind.
CREATE TABLE owners (
    num  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE threads (
    num         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    owner       INTEGER REFERENCES owners,
    changed     INTEGER NOT NULL,
    -- Whether `feedback` has a good or a bad one: kept here, so that a filtered list is read off an index.
    is_liked    INTEGER NOT NULL DEFAULT 0,
    is_disliked INTEGER NOT NULL DEFAULT 0,
    created_at  TEXT NOT NULL,
    -- A thread as JSON; `owner` and `created_at` win over what it says of them.
    body        TEXT NOT NULL
) STRICT;
CREATE INDEX threads_all ON threads (owner, changed);
CREATE INDEX threads_liked ON threads (owner, changed) WHERE is_liked;
CREATE INDEX threads_disliked ON threads (owner, changed) WHERE is_disliked;

CREATE TABLE steps (
    seq         INTEGER PRIMARY KEY,
    thread      INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE,
    id          BLOB NOT NULL,
    is_open     INTEGER NOT NULL,
    -- The owner, if this is a message that the owner marked.
    favorite_of INTEGER,
    body        TEXT NOT NULL,
    UNIQUE (thread, id)
) STRICT;
CREATE INDEX steps_open ON steps (thread) WHERE is_open;
CREATE INDEX steps_favorite ON steps (favorite_of, seq) WHERE favorite_of IS NOT NULL;

CREATE TABLE elements (
    seq    INTEGER PRIMARY KEY,
    thread INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE,
    id     BLOB NOT NULL,
    body   TEXT NOT NULL,
    UNIQUE (thread, id)
) STRICT;

CREATE TABLE feedback (
    id          BLOB NOT NULL UNIQUE,
    thread      INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE,
    step        BLOB NOT NULL,
    is_positive INTEGER NOT NULL,
    comment     TEXT,
    UNIQUE (thread, step)
) STRICT;

CREATE TABLE state (
    thread INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE,
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (thread, key)
) STRICT, WITHOUT ROWID;

-- Messages that were accepted and are not answered yet.
CREATE TABLE pending (
    thread INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE,
    step   BLOB NOT NULL,
    PRIMARY KEY (thread, step)
) STRICT, WITHOUT ROWID;

-- The words of names and messages, folded and cut by `words.rs`, with a token for the owner and one for the thread.
-- Only the inverted index is kept: no text, no positions. Short prefixes have an index of their own, because so many
-- words begin with them; longer ones are spelled out with the help of `vocabulary`.
CREATE VIRTUAL TABLE found USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '1 2 3'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (found, instance);
