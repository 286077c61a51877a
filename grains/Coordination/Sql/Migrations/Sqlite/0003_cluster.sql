-- What a cluster's store has too, so that one program reads both.

-- Where a silo keeps its artifacts, for people: a folder on its machine.
ALTER TABLE silos ADD COLUMN artifacts TEXT;

-- Data files of submitted sweeps, by the SHA-256 of their content in hexadecimal: what a silo that lacks a file works with.
CREATE TABLE files (
    sha256  TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL
) WITHOUT ROWID;

-- Attempts that ended in trouble are few, and counted by cause.
CREATE INDEX attempts_trouble ON attempts (trial, outcome) WHERE outcome > 1;
