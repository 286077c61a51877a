-- How often in a row the trial's silo was not heard of again: what bounds a trial that kills its process.
ALTER TABLE trials ADD COLUMN losses INTEGER NOT NULL DEFAULT 0;
