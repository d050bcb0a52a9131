-- name: insert_account
-- A new account; no row where the address is taken.
INSERT INTO accounts AS a (account_id, email, email_key, password_hash, name, locale, time_zone, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING
RETURNING a.account_id AS id, a.email, a.name, a.avatar, a.locale, a.time_zone, a.created_at;

-- name: account
-- An account, seen from within its own wall.
SELECT a.account_id AS id, a.email, a.name, a.avatar, a.locale, a.time_zone, a.created_at
FROM accounts a
WHERE a.account_id = $1;

-- name: rewrite_account
-- The profile as it is from now on.
UPDATE accounts AS a SET name = $2, locale = $3, time_zone = $4
WHERE a.account_id = $1
RETURNING a.account_id AS id, a.email, a.name, a.avatar, a.locale, a.time_zone, a.created_at;
