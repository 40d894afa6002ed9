"""The commands that train and evaluate name what they take."""

from __future__ import annotations

import inspect

from vedette.app import learn_cli


def test_one_thread_for_sums(monkeypatch: object) -> None:
    import os  # noqa: PLC0415

    before = {k: os.environ.get(k) for k in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    try:
        learn_cli._one_thread()
        assert {os.environ[k] for k in before} == {"1"}
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value


def test_every_command_says_what_it_does() -> None:
    for command in (learn_cli.train, learn_cli.evaluate, learn_cli.score):
        assert (inspect.getdoc(command) or "").endswith(".") or "\n" in (inspect.getdoc(command) or "")
