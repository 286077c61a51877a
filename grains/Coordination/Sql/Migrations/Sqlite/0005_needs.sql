-- What a trial needs that not every silo can do, and what silos say of themselves (flags: 1 TorchSharp).
ALTER TABLE trials ADD COLUMN needs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE silos ADD COLUMN devices TEXT;
ALTER TABLE silos ADD COLUMN slots INTEGER;
ALTER TABLE silos ADD COLUMN offers INTEGER NOT NULL DEFAULT 0;

-- Trials that wait for such a silo are few, or none.
CREATE INDEX trials_needs ON trials (sweep, needs) WHERE state = 0 AND needs <> 0;
