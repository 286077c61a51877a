-- Times are milliseconds since 1970, UTC, by the store's clock. States and outcomes are the numbers of TrialState and AttemptOutcome.

CREATE TABLE sweeps (
    sweep      INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL UNIQUE,
    resolved   TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    paused     INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    submitted  INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    cost_total REAL    NOT NULL
);

-- How many trials are in each state, kept in the transaction that moves them. Slots let an engine with row locks spread the writers; a reader sums.
CREATE TABLE sweep_counts (
    sweep          INTEGER NOT NULL REFERENCES sweeps,
    slot           INTEGER NOT NULL,
    queued         INTEGER NOT NULL DEFAULT 0,
    running        INTEGER NOT NULL DEFAULT 0,
    completed      INTEGER NOT NULL DEFAULT 0,
    failed         INTEGER NOT NULL DEFAULT 0,
    cancelled      INTEGER NOT NULL DEFAULT 0,
    cost_completed REAL    NOT NULL DEFAULT 0,
    PRIMARY KEY (sweep, slot)
) WITHOUT ROWID;

CREATE TABLE silos (
    silo        INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER,
    completed   INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER,
    reason      TEXT
);
CREATE INDEX silos_alive ON silos (last_seen) WHERE quarantined IS NULL;

CREATE TABLE trials (
    trial           INTEGER PRIMARY KEY,
    sweep           INTEGER NOT NULL REFERENCES sweeps,
    ordinal         INTEGER NOT NULL,           -- place in the spec's expansion, from 0, without gaps
    id              TEXT    NOT NULL,
    cost            REAL    NOT NULL,
    state           INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0, -- also the fencing token of the latest lease
    failures        INTEGER NOT NULL DEFAULT 0, -- charged to the retry budget
    memory_failures INTEGER NOT NULL DEFAULT 0, -- in a row
    cancelling      INTEGER NOT NULL DEFAULT 0 CHECK (cancelling IN (0, 1)),
    silo            INTEGER REFERENCES silos,   -- this and the next four: while running
    expires         INTEGER,
    phase           TEXT,
    fraction        REAL,
    loss            REAL,
    failed_on       INTEGER REFERENCES silos,   -- the latest failure
    failed_at       INTEGER,
    message         TEXT,
    spec            TEXT    NOT NULL            -- last: a long row's tail is read only when asked for
);
CREATE UNIQUE INDEX trials_id ON trials (sweep, id);
CREATE UNIQUE INDEX trials_ordinal ON trials (sweep, ordinal);
CREATE INDEX trials_queue ON trials (sweep, cost DESC, ordinal, failed_on, failed_at) WHERE state = 0;
CREATE INDEX trials_running ON trials (expires) WHERE state = 1;
CREATE INDEX trials_state ON trials (sweep, state, ordinal);

CREATE TABLE attempts (
    trial   INTEGER NOT NULL REFERENCES trials,
    attempt INTEGER NOT NULL,
    silo    INTEGER NOT NULL REFERENCES silos,
    outcome INTEGER NOT NULL DEFAULT 0,
    charged INTEGER NOT NULL DEFAULT 0 CHECK (charged IN (0, 1)),
    started INTEGER NOT NULL,
    ended   INTEGER,
    message TEXT,
    PRIMARY KEY (trial, attempt)
) WITHOUT ROWID;

-- A silo's failures since its last completion: what quarantine judges and, if it comes to that, takes back.
CREATE TABLE silo_failures (
    silo    INTEGER NOT NULL REFERENCES silos,
    trial   INTEGER NOT NULL REFERENCES trials,
    attempt INTEGER NOT NULL,
    proven  INTEGER NOT NULL DEFAULT 0 CHECK (proven IN (0, 1)), -- another silo has completed the trial
    PRIMARY KEY (silo, trial, attempt)
) WITHOUT ROWID;
CREATE INDEX silo_failures_trial ON silo_failures (trial);
CREATE INDEX silo_failures_proven ON silo_failures (silo) WHERE proven;

CREATE TABLE results (
    trial   INTEGER PRIMARY KEY REFERENCES trials,
    attempt INTEGER NOT NULL,
    device  TEXT    NOT NULL,
    notes   TEXT    NOT NULL  -- a JSON array of strings
);

CREATE TABLE metrics (
    trial  INTEGER NOT NULL REFERENCES results,
    name   TEXT    NOT NULL,
    value  REAL,
    floor  REAL,
    reason TEXT,
    PRIMARY KEY (trial, name),
    CHECK (value IS NOT NULL OR reason IS NOT NULL)
) WITHOUT ROWID;

CREATE TABLE curves (
    trial  INTEGER NOT NULL REFERENCES results,
    name   TEXT    NOT NULL,
    points BLOB    NOT NULL, -- IEEE 754 float32, little-endian, NaN and infinities as they are
    PRIMARY KEY (trial, name)
) WITHOUT ROWID;
