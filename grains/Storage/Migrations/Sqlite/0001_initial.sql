-- Times are milliseconds since 1970, UTC, by the store's clock. States and outcomes are the numbers of TrialStatus and AttemptOutcome.
-- abs(x) < 9e999 is true of finite numbers alone: 9e999 is infinity.

CREATE TABLE sweeps (
    sweep      INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL UNIQUE,
    resolved   TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    digest     BLOB    NOT NULL CHECK (length(digest) = 32), -- of the four before: RowDigest
    paused     INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    stopped    TEXT,                                               -- why, where nobody paused it: a limit of the spec
    note       TEXT,                                               -- JSON: what people wrote about it, its tags
    slots      INTEGER CHECK (slots >= 1),                         -- this and the next two: the spec's limits
    priority   REAL    NOT NULL CHECK (priority > 0),
    most_failed INTEGER CHECK (most_failed >= 1),
    submitted  INTEGER NOT NULL,
    total      INTEGER NOT NULL CHECK (total >= 0),
    cost_total REAL    NOT NULL CHECK (cost_total >= 0 AND cost_total < 9e999), -- without pruned trials
    looks      INTEGER NOT NULL DEFAULT 0 CHECK (looks >= 0),                   -- that its race plans; 0: it is none
    look       INTEGER NOT NULL DEFAULT 0 CHECK (look BETWEEN 0 AND looks),     -- the one that results are gathered for, from 1; 0: none any more
    trace      TEXT,                                         -- the trace context (W3C traceparent) in which it was launched
    host       TEXT                                          -- of a cluster's store
) STRICT;

-- How many trials are in each state, kept in the transaction that moves them. Slots let an engine with row locks spread the writers; a reader sums.
CREATE TABLE sweep_counts (
    sweep          INTEGER NOT NULL REFERENCES sweeps,
    slot           INTEGER NOT NULL,
    queued         INTEGER NOT NULL DEFAULT 0,
    running        INTEGER NOT NULL DEFAULT 0,
    completed      INTEGER NOT NULL DEFAULT 0,
    failed         INTEGER NOT NULL DEFAULT 0,
    cancelled      INTEGER NOT NULL DEFAULT 0,
    held           INTEGER NOT NULL DEFAULT 0,
    pruned         INTEGER NOT NULL DEFAULT 0,
    cost_completed REAL    NOT NULL DEFAULT 0,
    PRIMARY KEY (sweep, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE silos (
    silo        INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER,
    completed   INTEGER NOT NULL DEFAULT 0 CHECK (completed >= 0),
    failed      INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
    quarantined INTEGER,
    reason      TEXT,
    artifacts   TEXT,                       -- where it keeps them, in words: a folder on its machine
    devices     TEXT,                       -- this and the next two: what it says of itself
    slots       INTEGER,
    offers      INTEGER NOT NULL DEFAULT 0  -- flags: 1 TorchSharp
) STRICT;
CREATE INDEX silos_alive ON silos (last_seen) WHERE quarantined IS NULL;

CREATE TABLE trials (
    trial           INTEGER PRIMARY KEY,
    sweep           INTEGER NOT NULL REFERENCES sweeps,
    ordinal         INTEGER NOT NULL,           -- place in the spec's expansion, from 0, without gaps
    id              TEXT    NOT NULL,
    cost            REAL    NOT NULL CHECK (cost >= 0 AND cost < 9e999),
    needs           INTEGER NOT NULL DEFAULT 0, -- what not every silo can do (flags: 1 TorchSharp)
    stage           INTEGER NOT NULL DEFAULT 0 CHECK (stage >= 0), -- the look of a race that first asks for it, from 1; 0: of no race
    state           INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 6),
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),        -- also the fencing token of the latest lease
    failures        INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),        -- charged to the retry budget
    memory_failures INTEGER NOT NULL DEFAULT 0 CHECK (memory_failures >= 0), -- in a row
    losses          INTEGER NOT NULL DEFAULT 0 CHECK (losses >= 0),          -- leases that expired, in a row: bounds a trial that kills its process
    cancelling      INTEGER NOT NULL DEFAULT 0 CHECK (cancelling IN (0, 1)),
    silo            INTEGER REFERENCES silos,   -- this and the next four: while running
    expires         INTEGER,
    phase           TEXT,
    fraction        REAL,
    loss            REAL,
    failed_on       INTEGER REFERENCES silos,   -- the latest failure
    failed_at       INTEGER,
    message         TEXT,
    digest          BLOB    NOT NULL CHECK (length(digest) = 32), -- of ordinal, id and spec: RowDigest
    spec            TEXT    NOT NULL,           -- last: a long row's tail is read only when asked for
    CHECK ((state = 1) = (silo IS NOT NULL AND expires IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX trials_id ON trials (sweep, id);
CREATE UNIQUE INDEX trials_ordinal ON trials (sweep, ordinal);
CREATE INDEX trials_queue ON trials (sweep, cost DESC, ordinal, failed_on, failed_at) WHERE state = 0;
CREATE INDEX trials_running ON trials (expires) WHERE state = 1;
CREATE INDEX trials_state ON trials (sweep, state, ordinal);

-- Trials that wait for such a silo are few, or none.
CREATE INDEX trials_needs ON trials (sweep, needs) WHERE state = 0 AND needs <> 0;

-- Looks of a race that were judged, each once.
CREATE TABLE looks (
    sweep     INTEGER NOT NULL REFERENCES sweeps,
    look      INTEGER NOT NULL CHECK (look >= 1),
    judged    INTEGER NOT NULL,
    inputs    BLOB    NOT NULL CHECK (length(inputs) = 32), -- digest of what was judged: LookInputs
    decisions TEXT    NOT NULL CHECK (json_valid(decisions)),
    PRIMARY KEY (sweep, look)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    trial   INTEGER NOT NULL REFERENCES trials,
    attempt INTEGER NOT NULL CHECK (attempt >= 1),
    silo    INTEGER NOT NULL REFERENCES silos,
    outcome INTEGER NOT NULL DEFAULT 0 CHECK (outcome BETWEEN 0 AND 7),
    charged INTEGER NOT NULL DEFAULT 0 CHECK (charged IN (0, 1)),
    started INTEGER NOT NULL,
    ended   INTEGER,
    message TEXT,
    PRIMARY KEY (trial, attempt)
) STRICT, WITHOUT ROWID;

-- Attempts that ended in trouble are few, and counted by cause.
CREATE INDEX attempts_trouble ON attempts (trial, outcome) WHERE outcome > 1;

-- A silo's failures since its last completion: what quarantine judges and, if it comes to that, takes back.
CREATE TABLE silo_failures (
    silo    INTEGER NOT NULL REFERENCES silos,
    trial   INTEGER NOT NULL REFERENCES trials,
    attempt INTEGER NOT NULL,
    proven  INTEGER NOT NULL DEFAULT 0 CHECK (proven IN (0, 1)), -- another silo has completed the trial
    PRIMARY KEY (silo, trial, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX silo_failures_trial ON silo_failures (trial);
CREATE INDEX silo_failures_proven ON silo_failures (silo) WHERE proven;

CREATE TABLE results (
    trial   INTEGER PRIMARY KEY REFERENCES trials,
    attempt INTEGER NOT NULL CHECK (attempt >= 1),
    device  TEXT    NOT NULL,
    notes   TEXT    NOT NULL CHECK (json_valid(notes)), -- a JSON array of strings
    digest  BLOB    NOT NULL CHECK (length(digest) >= 32 AND length(digest) % 16 = 0) -- of all that the trial left: ResultDigest
) STRICT;

CREATE TABLE metrics (
    trial  INTEGER NOT NULL REFERENCES results,
    name   TEXT    NOT NULL,
    value  REAL    CHECK (abs(value) < 9e999),
    truth_level REAL CHECK (abs(truth_level) < 9e999),
    reason TEXT,
    PRIMARY KEY (trial, name),
    CHECK (value IS NOT NULL OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE curves (
    trial  INTEGER NOT NULL REFERENCES results,
    name   TEXT    NOT NULL,
    points BLOB    NOT NULL CHECK (length(points) % 4 = 0), -- IEEE 754 float32, little-endian, NaN and infinities as they are
    PRIMARY KEY (trial, name)
) STRICT, WITHOUT ROWID;

-- What operators asked for, and when it was carried out: also the log of it. Verbs are the numbers of OperatorVerb.
CREATE TABLE requests (
    request INTEGER PRIMARY KEY,
    id      TEXT    NOT NULL UNIQUE,             -- chosen by the requester
    sweep   INTEGER REFERENCES sweeps,           -- null: of no sweep, or of one that was deleted
    name    TEXT,                                -- what the sweep was called
    verb    INTEGER NOT NULL,
    trials  TEXT,                                -- a JSON array of ids; null: all
    silo    TEXT,
    note    TEXT,                                -- JSON: what is to be noted
    who     TEXT    NOT NULL,
    asked   INTEGER NOT NULL,
    done    INTEGER,                             -- null while it waits
    count   INTEGER NOT NULL DEFAULT 0,          -- how many trials or silos it changed
    refused TEXT                                 -- why nothing was done
) STRICT;
CREATE INDEX requests_waiting ON requests (sweep, request) WHERE done IS NULL;

-- Trials of sweeps that were deleted: whoever keeps files of them removes these, also who is away now.
CREATE TABLE deleted_trials (
    id      TEXT    NOT NULL PRIMARY KEY,
    deleted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_trials_time ON deleted_trials (deleted, id);

-- Data files of submitted sweeps, by the SHA-256 of their content in hexadecimal: what a silo that lacks a file works with.
CREATE TABLE files (
    sha256  TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
