"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

for _name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # the suite runs on all cores already: a worker needs no threads of its own

settings.register_profile(
    "untimed", deadline=None
)  # how fast something is stands in the benchmarks: a busy machine fails no test
settings.load_profile("untimed")

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _no_models_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests see the models that ship, and none of the user who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VEDETTE_HOME", str(tmp_path_factory.getbasetemp() / "no-models"))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of the shared data sets, or skip: the suite means something without them."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared data sets are not beside this checkout")
    return SHARED_DATA
