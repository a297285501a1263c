"""Files are found, verified or fetched; what is missing is explained; nothing half-written stays."""

from __future__ import annotations

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from builders import games_of, make_frame

from estimation.data import catalogue, fetch, is_available, load
from estimation.data.library import places
from estimation.errors import DatasetError

NAME = "tiny"
CLOSED = "http://127.0.0.1:9/decisions.csv"
CONDITIONS = """
[conditions.over]
family = "estimation"
direction = "over"
[conditions.under]
family = "estimation"
direction = "under"
lie_power = 2.0
"""


class Home:
    """A package with one data set, its own cache, and no mirror."""

    def __init__(self, root):
        self.shipped, self.cache, self.mirror = (root / name for name in ("shipped", "cache", "mirror"))
        self.content = make_frame().to_csv(index=False).encode()
        self.sha256 = hashlib.sha256(self.content).hexdigest()
        (self.shipped / NAME).mkdir(parents=True)

    def describe(self, url=CLOSED, sha256=None, **keys):
        """Write the source.toml."""
        head = {"title": '"Tiny"', "description": '"a tiny experiment"'} | keys
        file = {"name": '"decisions.csv"', "sha256": f'"{sha256 or self.sha256}"'} | (
            {"url": f'"{url}"'} if url else {}
        )
        lines = [f"{key} = {value}" for key, value in head.items()]
        lines += ["[[files]]", *(f"{key} = {value}" for key, value in file.items())]
        (self.shipped / NAME / "source.toml").write_text("\n".join(lines) + CONDITIONS)

    def place(self, folder):
        """Put the data file into a folder."""
        (folder / NAME).mkdir(parents=True, exist_ok=True)
        (folder / NAME / "decisions.csv").write_bytes(self.content)

    def everything_in_cache(self):
        """Return the names of all files and folders in the cache."""
        return sorted(path.name for path in self.cache.rglob("*"))


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = Home(tmp_path)
    monkeypatch.delenv(places.MIRROR_VARIABLE, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for module in ("files", "library"):
        monkeypatch.setattr(f"estimation.data.library.{module}.shipped_folder", lambda: made.shipped)
    monkeypatch.setattr("estimation.data.library.files.cache_folder", lambda name: made.cache / name)
    return made


@pytest.fixture
def origin(tmp_path):
    """Serve a folder on this machine; gives the folder and the address of its file."""
    folder = tmp_path / "origin"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}/decisions.csv"
        server.shutdown()
        thread.join()


def test_a_shipped_table_in_standard_columns_needs_no_code(home):
    home.describe(url=None, synthetic="true")
    home.place(home.shipped)
    table = load(NAME)
    assert table.label == "tiny (SYNTHETIC)"
    assert table.source.title == "Tiny"
    assert sorted(table.games) == sorted(games_of())
    assert len(table) == 24


def test_a_mirrored_file_is_used_without_a_network(home, monkeypatch):
    home.describe()
    assert not is_available(NAME)
    home.place(home.mirror)
    monkeypatch.setenv(places.MIRROR_VARIABLE, str(home.mirror))
    assert is_available(NAME)
    assert len(load(NAME)) == 24
    assert fetch(NAME) == {"decisions.csv": home.mirror / NAME / "decisions.csv"}


@pytest.mark.parametrize("place", ["shipped", "mirror"])
def test_a_file_with_another_checksum_is_refused(home, monkeypatch, place):
    home.describe(sha256="0" * 64)
    home.place(getattr(home, place))
    monkeypatch.setenv(places.MIRROR_VARIABLE, str(home.mirror))
    assert not is_available(NAME)
    with pytest.raises(DatasetError) as caught:
        load(NAME)
    for fragment in ("is not the file that it should be", home.sha256, "0" * 64):
        assert fragment in str(caught.value)


def test_an_absent_file_is_fetched_verified_and_kept(home, origin, capsys):
    folder, url = origin
    (folder / "decisions.csv").write_bytes(home.content)
    home.describe(url=url)
    assert len(load(NAME)) == 24
    assert f"tiny: fetching decisions.csv from {url}" in capsys.readouterr().err
    assert home.everything_in_cache() == ["decisions.csv", "tiny"]
    (folder / "decisions.csv").unlink()
    assert len(load(NAME)) == 24, "the second time it comes from the cache"
    assert capsys.readouterr().err == ""


def test_fetching_can_be_silent(home, origin, capsys):
    folder, url = origin
    (folder / "decisions.csv").write_bytes(home.content)
    home.describe(url=url)
    fetch(NAME, progress=False)
    captured = capsys.readouterr()
    assert captured.err + captured.out == ""


def test_a_damaged_file_in_the_cache_is_fetched_again(home, origin):
    folder, url = origin
    (folder / "decisions.csv").write_bytes(home.content)
    home.describe(url=url)
    home.place(home.cache)
    (home.cache / NAME / "decisions.csv").write_bytes(home.content[:100])
    assert not is_available(NAME)
    assert len(load(NAME)) == 24


def test_a_download_with_another_checksum_is_refused_and_not_kept(home, origin):
    folder, url = origin
    (folder / "decisions.csv").write_bytes(home.content[:100])
    home.describe(url=url)
    with pytest.raises(DatasetError, match="could not be fetched"):
        load(NAME)
    assert home.everything_in_cache() == []


def test_offline_the_error_says_what_to_download_its_checksum_and_both_places(home):
    home.describe()
    with pytest.raises(DatasetError) as caught:
        load(NAME)
    places_to_put = [
        "<folder>/tiny/decisions.csv with ESTIMATION_DATA_DIR=<folder>",
        str(home.cache / "tiny" / "decisions.csv"),
    ]
    for fragment in ["'tiny' is not on this machine", CLOSED, home.sha256, *places_to_put]:
        assert fragment in str(caught.value)
    assert home.everything_in_cache() == []


def test_offline_with_a_mirror_the_error_names_the_place_in_the_mirror(home, monkeypatch):
    home.describe()
    monkeypatch.setenv(places.MIRROR_VARIABLE, str(home.mirror))
    with pytest.raises(DatasetError, match="is set") as caught:
        load(NAME)
    assert str(home.mirror / "tiny" / "decisions.csv") in str(caught.value)


def test_a_shipped_file_that_is_gone_asks_for_installing_again(home):
    home.describe(url=None)
    with pytest.raises(DatasetError, match="install the package again"):
        load(NAME)


def test_a_file_that_must_be_made_by_hand_says_how_and_where_it_goes(home):
    home.describe(url=None)
    source = home.shipped / NAME / "source.toml"
    told = source.read_text().replace(f'sha256 = "{home.sha256}"', f'sha256 = "{home.sha256}"\nhow = "in R: make(it)"')
    source.write_text(told)
    with pytest.raises(DatasetError, match=r"decisions\.csv must be made by hand") as caught:
        load(NAME)
    assert f"(sha256 {home.sha256}): make it in R: make(it); save it as <folder>/tiny/" in str(caught.value)


@pytest.mark.parametrize(("key", "value"), [("reader", "nobody"), ("table", "other.csv")])
def test_a_data_set_that_nothing_can_read_is_refused(home, key, value):
    home.describe(url=None, **{key: f'"{value}"'})
    home.place(home.shipped)
    with pytest.raises(DatasetError, match=value):
        load(NAME)


def test_the_catalogue_has_one_line_per_data_set(home):
    home.describe()
    (entry,) = catalogue()
    assert (entry.name, entry.description, entry.available, entry.synthetic) == (
        NAME,
        "a tiny experiment",
        False,
        False,
    )


def test_descriptions_inside_the_package_come_before_a_folder_beside_it(tmp_path, monkeypatch):
    package = tmp_path / "site" / "estimation"
    monkeypatch.setattr(places, "PACKAGE", package)
    with pytest.raises(DatasetError, match="install the package again"):
        places.shipped_folder()
    (tmp_path / "site" / "datasets").mkdir(parents=True)
    assert places.shipped_folder() == tmp_path / "site" / "datasets"
    (package / "_datasets").mkdir(parents=True)
    assert places.shipped_folder() == package / "_datasets"
