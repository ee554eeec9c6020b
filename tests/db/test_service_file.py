"""Services, found and read as libpq does; libpq itself is the witness."""

from pathlib import Path

import pytest
from psycopg import pq

from console.db.service_file import lookup
from console.errors import UsageError

TEXT = """
# comment
host=outside
[ward]
host=db1.test
port=6000
  dbname=emr  \t
options=-c a=b
host=second
[ward2]
host=db2.test
[ward]
user=late
"""


def test_it_reads_what_libpq_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "services").write_text(TEXT)
    environ = {"PGSERVICEFILE": str(tmp_path / "services"), "PGSERVICE": "ward"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    ours = lookup("ward", environ)
    libpq = {option.keyword.decode(): option.val for option in pq.Conninfo.get_defaults()}
    assert ours == {"host": "db1.test", "port": "6000", "dbname": "emr", "options": "-c a=b"}
    assert {keyword: (libpq[keyword] or b"").decode() for keyword in ours} == ours


def test_the_person_s_file_comes_before_the_system_s(tmp_path: Path) -> None:
    home, system = tmp_path / "home", tmp_path / "system"
    environ = {"HOME": str(home), "PGSYSCONFDIR": str(system)}
    home.mkdir()
    system.mkdir()
    (home / ".pg_service.conf").write_text("[a]\nhost=mine\n")
    (system / "pg_service.conf").write_text("[a]\nhost=ours\n[b]\nhost=ours\n")
    assert lookup("a", environ) == {"host": "mine"}
    assert lookup("b", environ) == {"host": "ours"}


def test_an_unknown_service_names_the_files(tmp_path: Path) -> None:
    environ = {"PGSERVICEFILE": str(tmp_path / "absent"), "PGSYSCONFDIR": str(tmp_path)}
    with pytest.raises(UsageError, match=f'There is no service "ward" in {tmp_path}/absent'):
        lookup("ward", environ)


@pytest.mark.parametrize("line", ["host", "ldap://ldap.test/dc=x?uniqueMember?one?cn=y", "service=other"])
def test_what_cannot_be_used_names_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "services").write_text(f"\n[ward]\n{line}\n")
    with pytest.raises(UsageError, match="services, line 3: this is not keyword=value"):
        lookup("ward", {"PGSERVICEFILE": str(tmp_path / "services")})


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "services").write_bytes(b"[ward]\nhost=\xff\n")
    with pytest.raises(UsageError, match="services, line 2: this is not UTF-8 text"):
        lookup("ward", {"PGSERVICEFILE": str(tmp_path / "services")})
