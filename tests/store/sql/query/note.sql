-- SPDX-License-Identifier: Apache-2.0

-- Nothing changes when the title is taken.
-- name: note_insert write
-- in: title text, body blob?, rank integer?, pinned boolean, flag boolean?
INSERT INTO note (title, body, rank, pinned, flag) VALUES (:title, :body, :rank, :pinned, :flag)
ON CONFLICT (title) DO NOTHING;

-- Fails when the title is taken.
-- name: note_insert_or_fail one
-- in: title text, pinned boolean
-- out: id integer
INSERT INTO note (title, pinned) VALUES (:title, :pinned) RETURNING id;

-- name: note_by_title one
-- in: title text
-- out: id integer, title text, body blob?, rank integer?
-- out: pinned boolean, flag boolean?
-- row: note
SELECT id, title, body, rank, pinned, flag FROM note WHERE title = :title;

-- name: notes_page many
-- in: limit_to integer, after integer
-- out: id integer, title text, body blob?, rank integer?, pinned boolean, flag boolean?
-- row: note
SELECT id, title, body, rank, pinned, flag FROM note WHERE id > :after ORDER BY id LIMIT :limit_to;

-- name: note_count one
-- out: count integer
-- scan: a test has few notes
SELECT count(*) AS count FROM note;

-- name: note_delete_all write
-- scan: a test has few notes
DELETE FROM note;

-- Its type is declared wrongly: a text comes.
-- name: note_title_as_integer many
-- out: title integer
-- scan: a test has few notes
SELECT title FROM note;

-- Gives as many rows as there are.
-- name: note_any one
-- out: id integer
-- scan: a test has few notes
SELECT id FROM note;

-- name: tag_insert write
-- in: note_id integer, name text
INSERT INTO tag (note_id, name) VALUES (:note_id, :name);

-- name: tag_count one
-- in: note_id integer
-- out: count integer
SELECT count(*) AS count FROM tag WHERE note_id = :note_id;
