"""All grammars of command lines: each is a manner and one group, so that a model is measured on one it was not trained on."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from vedette.learning.datasets import command_attack_hidden as hidden
from vedette.learning.datasets import command_attack_unix as attack_unix
from vedette.learning.datasets import command_attack_windows as attack
from vedette.learning.datasets import command_benign_unix as unix
from vedette.learning.datasets import command_benign_windows as windows

ATTACKS: dict[str, Callable[[Random], str]] = {
    "cradle": attack.cradle,
    "encoder": attack.encoder,
    "block": attack.block,
    "proxy": attack.proxy,
    "fetcher": attack.fetcher,
    "dumper": attack.dumper,
    "keeper": attack.keeper,
    "blinder": attack.blinder,
    "destroyer": attack.destroyer,
    "scout": attack.scout,
    "mover": attack.mover,
    "carets": hidden.carets,
    "cut_out": hidden.cut_out,
    "pieces": hidden.pieces,
    "spelled": hidden.spelled,
    "shells": attack_unix.shells,
    "droppers": attack_unix.droppers,
    "stayer": attack_unix.stayer,
    "thief": attack_unix.thief,
}
BENIGN: dict[str, Callable[[Random], str]] = {
    "system": windows.system,
    "apps": windows.apps,
    "installers": windows.installers,
    "admin": windows.admin,
    "admin_scripts": windows.admin_scripts,
    "managed": windows.managed,
    "building": windows.building,
    "blocks": windows.blocks,
    "unix_system": unix.unix_system,
    "unix_admin": unix.unix_admin,
    "unix_dev": unix.unix_dev,
    "unix_scripts": unix.unix_scripts,
}
