-- The trace context (W3C traceparent) in which a sweep was launched: its attempts are linked to it, whichever process runs them.
ALTER TABLE sweeps ADD COLUMN trace TEXT;
