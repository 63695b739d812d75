# SPDX-License-Identifier: Apache-2.0
"""A check that never fails shows nothing: each damage, done to the files of a server that worked well, is found."""

import shutil
import sqlite3

import pytest

import contents
from server import Server
from siege import FAST_HASHES, Siege
from users import Wrong

ONE_USER = "(SELECT id FROM pool_user WHERE status = 'UNCONFIRMED' LIMIT 1)"


def message(state):
    return ("INSERT INTO outbox_message (id, pool_id, medium, sealed_message, state, attempts, created_at, due_at) "
            f"VALUES ('a', 'b', 'EMAIL', randomblob(100), '{state}', 1, 1, 1)")


# What is found, and how it is done.
DAMAGES = [
    ("a row refers to one that is not there", f"DELETE FROM pool_user WHERE id = {ONE_USER}"),
    ("a migration is missing", "DELETE FROM schema_migration WHERE version = 2"),
    ("a pool counts other users", "UPDATE user_pool SET user_count = user_count + 1"),
    ("a pool or client cannot be read", "UPDATE user_pool_client SET settings = substr(settings, 1, 10)"),
    ("a key has half a place", "UPDATE signing_key SET usage = 'id' WHERE pool_id IS NULL"),
    ("a user has no user name", f"DELETE FROM sign_in_name WHERE kind = 'username' AND user_id = {ONE_USER}"),
    ("users by addresses", "DELETE FROM sign_in_name WHERE kind = 'email'"),
    ("a name is that of another pool", "UPDATE sign_in_name SET pool_id = 'another'"),
    ("a name is no attribute", "UPDATE user_attribute SET value = 'another' WHERE name = 'email'"),
    ("an attribute is that of another pool", "UPDATE user_attribute SET pool_id = 'another'"),
    ("neither is nor is not verified", "DELETE FROM user_attribute WHERE name = 'email_verified'"),
    ("a user has half a password", f"UPDATE pool_user SET srp_salt = NULL WHERE id = {ONE_USER}"),
    ("changed before it was made", "UPDATE pool_user SET modified_at = 0"),
    ("a code that was not made", "DELETE FROM confirmation_code"),
    ("a sign-in cannot be refreshed", "DELETE FROM refresh_token"),
    ("more or less than one", "INSERT INTO refresh_token SELECT randomblob(32), id, NULL FROM sign_in LIMIT 1"),
    ("a message was given up", message("dead")),
]

# Nothing is half there, but it is not what was acknowledged: what it is, what is found, how it is done.
LOSSES = [
    ("a user", "is stored of",
     f"PRAGMA foreign_keys = ON; UPDATE user_pool SET user_count = user_count - 1 WHERE id ="
     f" (SELECT pool_id FROM pool_user WHERE id = {ONE_USER}); DELETE FROM pool_user WHERE id = {ONE_USER}"),
    ("an attribute", "is stored of", f"DELETE FROM user_attribute WHERE name = 'nickname' AND user_id = {ONE_USER}"),
    ("a status", "is stored of", f"UPDATE pool_user SET status = 'CONFIRMED' WHERE id = {ONE_USER}"),
    ("a code", "has never been sent the code",
     f"UPDATE confirmation_code SET code_hash = x'00' WHERE user_id = {ONE_USER}"),
    ("a message", "cannot be opened", message("waiting")),
]


@pytest.fixture(scope="module")
def siege():
    """Over; its server has ended."""
    with Server(*FAST_HASHES) as server:
        over = Siege(server, 1)
        over.make_pools()
        with over.load() as load:
            load.wait_for_acknowledgements(200)
        server.stop()
        yield over


@pytest.fixture
def files(siege):
    """The database, to be damaged; whole again afterwards."""
    path = siege.server.data / contents.NAME
    whole = path.with_suffix(".whole")
    shutil.copy(path, whole)
    yield path
    shutil.move(whole, path)


def damage(path, script):
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def test_nothing_is_wrong(siege):
    siege.check_files()


@pytest.mark.parametrize("found,script", DAMAGES, ids=[found for found, _ in DAMAGES])
def test_damage(files, found, script):
    damage(files, script)
    with contents.opened(files) as image:
        assert any(found in complaint for complaint in contents.complaints(image))


def test_damaged_page(files):
    with open(files, "r+b") as file:
        file.seek(files.stat().st_size // 4096 // 2 * 4096)
        file.write(b"\xff" * 512)
    with contents.opened(files) as image, pytest.raises((sqlite3.DatabaseError, AssertionError)):
        assert not contents.complaints(image)


@pytest.mark.parametrize("found,script", [row[1:] for row in LOSSES], ids=[row[0] for row in LOSSES])
def test_loss(siege, files, found, script):
    damage(files, script)
    with pytest.raises(Wrong, match=found):
        siege.check_files()
