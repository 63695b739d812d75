-- Where a sign-in came from, and when it was last gone on with. Unknown for those from before.

ALTER TABLE sign_in ADD COLUMN client_address TEXT;
ALTER TABLE sign_in ADD COLUMN user_agent TEXT;     -- as the client called itself, cut
ALTER TABLE sign_in ADD COLUMN refreshed_at INTEGER;
