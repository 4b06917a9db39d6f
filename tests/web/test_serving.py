"""The built files, as a browser gets them: typed, compressed, cached by what their name says, and nothing else."""

import gzip
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from holdfast.api.app import create_app as create_api
from holdfast.settings import Settings
from holdfast.web import built
from holdfast.web.app import serve_page
from holdfast.web.built import built_files, why_not_built

SCRIPT = b"console.log('hello');" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page of two files, one of them compressed."""
    page = tmp_path / "page"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html><title>Holdfast</title>")
    (page / "assets" / "index-1a2b.js").write_bytes(SCRIPT)
    (page / "assets" / "index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret").write_text("not for everybody")
    return page


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> TestClient:
    """A client of the API with that page beside it."""
    app = create_api(Settings(home=tmp_path / "home"))
    serve_page(app, built_files(folder))
    return TestClient(app)


def test_scripts_are_compressed_and_kept_for_ever(client: TestClient) -> None:
    answer = client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.content == SCRIPT
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", ""])
def test_who_takes_no_gzip_gets_the_plain_file(client: TestClient, accepted: str) -> None:
    answer = client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.content == SCRIPT


@pytest.mark.parametrize("path", ["/", "/customers", "/customers/A%2F1.5", "/start/imp_1", "/nowhere"])
def test_every_other_address_is_the_page_and_is_asked_for_again(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<title>Holdfast" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"
    known = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_the_page_may_load_nothing_from_elsewhere(client: TestClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/assets/index-0000.js", "/docs/nothing"])
def test_unknown_addresses_of_the_api_and_missing_files_are_not_the_page(client: TestClient, path: str) -> None:
    with client:
        answer = client.get(path)
    assert answer.status_code in (401, 404)
    assert "not for everybody" not in answer.text


@pytest.mark.parametrize("path", ["/%2e%2e/secret", "/assets/%2e%2e/%2e%2e/secret", "/..%2fsecret"])
def test_no_path_leads_out_of_the_page(client: TestClient, path: str) -> None:
    with client:
        assert "not for everybody" not in client.get(path).text


def test_the_api_answers_as_it_does_without_a_page(client: TestClient) -> None:
    with client:
        assert client.get("/api/v1/session").status_code == 401
        assert client.get("/healthz").status_code == 200
        assert "swagger" in client.get("/docs").text


def test_without_a_page_the_server_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "page-missing.txt"
    note.write_text("It could not be built here: npm <failed>.\n")
    monkeypatch.setattr("holdfast.web.app.why_not_built", lambda: why_not_built(note))
    app = create_api(Settings(home=tmp_path))
    serve_page(app, built_files(tmp_path / "nothing"))
    answer = TestClient(app).get("/")
    assert answer.status_code == 503
    assert "It could not be built here: npm &lt;failed&gt;." in answer.text
    assert why_not_built(tmp_path / "no note") == "Nobody has built it in this checkout yet."


def test_the_folder_of_the_page_is_in_the_package() -> None:
    assert built.FOLDER.parent == Path(built.__file__).parent
