"""Files that only look like those of the package: what they name, pack or claim beyond what they hold is refused."""

from __future__ import annotations

import io

import h5py
import numpy as np
import pytest
from choice_builders import choice_table

import estimation as est
from estimation.fits.checkpoint import Checkpoint
from estimation.sealing import sealed, unsealed


@pytest.fixture(scope="module")
def fit_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("fits") / "fit.nc"
    est.fit(est.MultinomialLogit(["price"]), choice_table(12), draws=60, chains=1, path=file)
    return file


CRAFTED = {
    "a link to another file": lambda file: file.__setitem__("posterior/x", h5py.ExternalLink("/etc/hostname", "/x")),
    "a link to itself": lambda file: file.__setitem__("posterior/x", h5py.SoftLink("/")),
    "a group within itself": lambda file: file["posterior"].__setitem__("x", file["/"]),
    "numbers of another file": lambda file: file.create_dataset("posterior/x", (9,), "u1", external=[("a", 0, 9)]),
    "more numbers than memory": lambda file: file.create_dataset("posterior/x", (10**13,), "f8", chunks=(1000,)),
    "packed numbers": lambda file: file.create_dataset(
        "posterior/x", data=np.zeros(10**6), chunks=(10**5,), compression="gzip"
    ),
}


@pytest.mark.parametrize("what", CRAFTED)
def test_a_fit_holds_all_that_it_is_made_of_and_no_more(fit_file, tmp_path, what):
    """HDF5 can do more than hold numbers; a fit that needs it was written by somebody else."""
    content = io.BytesIO(unsealed(fit_file.read_bytes()))
    with h5py.File(content, "r+") as file:
        CRAFTED[what](file)
    (tmp_path / "crafted.nc").write_bytes(sealed(content.getvalue()))
    with pytest.raises(est.FitError, match="cannot be used: "):
        est.load_fit(tmp_path / "crafted.nc")


def test_packed_arrays_are_no_checkpoint(tmp_path):
    stream = io.BytesIO()
    np.savez_compressed(stream, numbers=np.zeros(10**6))
    (tmp_path / "packed.npz").write_bytes(sealed(stream.getvalue()))
    with pytest.warns(UserWarning, match="it is packed, and nobody here packs"):
        assert Checkpoint(tmp_path).arrays("packed", dict) is None
