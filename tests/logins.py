"""Logins of an operator's own making, beside those of the product."""

from uuid import uuid4

import asyncpg

from taskflow.foundation.embedded.postgres import EmbeddedPostgres


async def new_login(postgres: EmbeddedPostgres, rights: str = "") -> str:
    """A role that may log in, and is let in as the embedded server's own ones are."""
    login = f"operator_{uuid4().hex[:8]}"
    admin = await asyncpg.connect(postgres.url)
    await admin.execute(f"CREATE ROLE {login} LOGIN {rights}")
    with (postgres.folder / "postgres" / "pg_ident.conf").open("a") as people:
        people.write(f"taskflow /^ {login}\n")
    await admin.execute("SELECT pg_reload_conf()")
    await admin.close()
    while not await lets_in(postgres, login):
        pass  # the file is read in a moment
    return login


async def lets_in(postgres: EmbeddedPostgres, login: str) -> bool:
    """Whether a role gets in."""
    try:
        await (await asyncpg.connect(postgres.url_as(login))).close()
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    return True
