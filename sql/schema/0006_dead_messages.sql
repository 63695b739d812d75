-- A message that an operator has sent again is tried for as long as a new one.

ALTER TABLE outbox_message ADD COLUMN resent_at INTEGER;
