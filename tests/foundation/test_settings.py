"""Settings: what is read, what wins, and what each refusal says."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from taskflow.foundation.limits import Rate
from taskflow.foundation.settings import FILE, OPTIONS, PREFIX, BadSetting, load

NOWHERE = Path("/nonexistent")


def refusal(environ: dict[str, str], folder: Path = NOWHERE) -> str:
    with pytest.raises(BadSetting) as refused:
        load(environ, folder)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_server_that_is_told_nothing_listens_on_localhost_with_everything_embedded() -> None:
    settings = load({"HOME": "/home/ada"}, NOWHERE)

    assert (settings.host, settings.port, settings.workers) == ("localhost", 8000, 1)
    assert (settings.database_url, settings.redis_url, settings.pool_size) == ("", "", 20)
    assert settings.data_dir.parts[-3:] == (".local", "share", "taskflow")
    assert settings.rate_limit_ip == Rate.parse("100/15m")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('port = 8001\nhost = "127.0.0.1"')

    settings = load({"TASKFLOW_PORT": "8002"}, tmp_path)

    assert (settings.port, settings.host) == (8002, "127.0.0.1")


def test_the_file_may_hold_numbers_truth_values_and_lists(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('workers = 3\nsecure_cookies = true\ntrusted_proxies = ["10.0.0.0/8", "fd00::/8"]')

    settings = load({}, tmp_path)

    assert (settings.workers, settings.secure_cookies) == (3, True)
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "database"
    secret.write_text("postgresql://ada:secret@db/taskflow\n")

    settings = load({"TASKFLOW_DATABASE_URL_FILE": str(secret)}, tmp_path)

    assert settings.database_url == "postgresql://ada:secret@db/taskflow"


def test_the_login_that_migrates_is_the_one_that_serves_unless_it_is_told_apart() -> None:
    settings = load({"TASKFLOW_DATABASE_URL": "postgresql://one/taskflow"}, NOWHERE)

    assert settings.migration_database_url == "postgresql://one/taskflow"


@pytest.mark.parametrize(
    ("address", "secure"),
    [("https://tasks.example.com", True), ("https://tasks.example.com:8443/", True), ("http://localhost:8000", False)],
)
def test_cookies_are_secure_where_the_public_address_is_https(address: str, secure: bool) -> None:  # noqa: FBT001 - a column
    settings = load({"TASKFLOW_PUBLIC_URL": address}, NOWHERE)

    assert settings.secure_cookies is secure
    assert settings.public_url == address.rstrip("/")


def test_the_public_address_follows_the_port() -> None:
    assert load({"TASKFLOW_PORT": "8080"}, NOWHERE).public_url == "http://localhost:8080"


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert load({"TASKFLOW_PORT": ""}, NOWHERE).port == 8000


def test_the_names_of_the_suite_are_ignored() -> None:
    assert load({"TASKFLOW_TEST_CITUS_URL": "anything"}, NOWHERE).port == 8000


def test_a_misspelt_name_is_refused_with_the_near_one() -> None:
    assert refusal({"TASKFLOW_DATABSE_URL": "x"}) == (
        "TASKFLOW_DATABSE_URL is no option of TaskFlow: did you mean TASKFLOW_DATABASE_URL?"
    )


def test_a_misspelt_name_in_the_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("prot = 8001")

    assert refusal({}, tmp_path) == f"prot in {FILE} is no option of TaskFlow: did you mean port in {FILE}?"


def test_only_a_secret_may_lie_in_a_file() -> None:
    assert "TASKFLOW_PORT_FILE is no option of TaskFlow" in refusal({"TASKFLOW_PORT_FILE": "/run/port"})


def test_a_secret_and_its_file_at_once_are_refused(tmp_path: Path) -> None:
    refused = refusal({"TASKFLOW_REDIS_URL": "redis://one", "TASKFLOW_REDIS_URL_FILE": str(tmp_path / "two")})

    assert refused == "TASKFLOW_REDIS_URL and TASKFLOW_REDIS_URL_FILE are both set: leave one out."


def test_a_file_of_a_secret_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    assert "cannot be read: No such file" in refusal({"TASKFLOW_REDIS_URL_FILE": str(tmp_path / "none")})
    assert "is empty" in refusal({"TASKFLOW_REDIS_URL_FILE": str(tmp_path / "empty")})


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("PORT", "eighty", "TASKFLOW_PORT is 'eighty': it takes a whole number from 1 to 65535"),
        ("PORT", "65536", "from 1 to 65535"),
        ("PORT", "-1", "from 1 to 65535"),
        ("PORT", "٨", "from 1 to 65535"),
        ("HOST", "localhost:8000", "without a port"),
        ("WORKERS", "0", "from 1 to 256"),
        ("DATA_DIR", "a\nb", "TASKFLOW_DATA_DIR is 'a\\nb': it takes a folder (~ where there is a home)"),
        ("DATA_DIR", "~nobody-of-that-name/x", "where there is a home"),
        ("PUBLIC_URL", "tasks.example.com", "http://HOST or https://HOST"),
        ("PUBLIC_URL", "https://tasks.example.com/app", "without a path"),
        ("PUBLIC_URL", "https://ada:secret@tasks.example.com", "http://HOST"),
        ("PUBLIC_URL", "https://tasks.example.com:port", "http://HOST"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "no bits set beyond the prefix"),
        ("RATE_LIMIT_IP", "100 an hour", "N/Ns, N/Nm, N/Nh or N/Nd"),
        ("SECURE_COOKIES", "maybe", "true or false"),
        ("LOG_LEVEL", "loud", "debug or info or warning or error"),
    ],
)
def test_a_bad_value_is_refused_with_what_is_allowed(name: str, text: str, says: str) -> None:
    assert says in refusal({PREFIX + name: text})


def test_a_refusal_never_shows_a_secret() -> None:
    refused = refusal({"TASKFLOW_DATABASE_URL": "mysql://ada:tell-nobody@db/taskflow"})

    assert refused == "TASKFLOW_DATABASE_URL is not usable: it takes postgresql:// or postgres://"


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if not option.built])
def test_what_this_version_does_not_have_is_refused_rather_than_ignored(name: str) -> None:
    assert "nothing for it yet" in refusal({PREFIX + name.upper(): "s3://anything"})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"port = ", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[port]\nnumber = 1", "port in taskflow.toml is neither a text"),
        (b'host = "a\\u0000b"', "host in taskflow.toml is 'a\\x00b'"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / FILE).write_bytes(content)

    assert says in refusal({}, tmp_path)


@given(name=some.sampled_from(sorted(OPTIONS)), text=some.text())
def test_any_text_is_either_a_value_or_one_line(name: str, text: str) -> None:
    assert len(said_of({PREFIX + name.upper(): text}).splitlines()) == 1


def said_of(environ: dict[str, str]) -> str:
    try:
        load(environ, NOWHERE)
    except BadSetting as refused:
        return str(refused)
    return "taken"


@given(port=some.integers(1, 65535))
def test_every_port_is_taken_as_it_is_written(port: int) -> None:
    assert load({"TASKFLOW_PORT": str(port)}, NOWHERE).port == port
