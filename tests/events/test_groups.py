import polars as pl

from vedette.events.groups import file_paths


def test_what_is_known_of_a_program_stands_below_its_path() -> None:
    paths = file_paths("module.file")
    assert all(path.startswith("module.file.") for path in paths)
    assert paths["module.file.hashes.value"] == pl.List(pl.String)
    assert paths["module.file.path"] == pl.String
