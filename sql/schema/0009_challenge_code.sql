-- A code that a challenge has sent to the user, as a keyed hash; NULL: it has sent none.

ALTER TABLE challenge_session ADD COLUMN code_hash BLOB;
