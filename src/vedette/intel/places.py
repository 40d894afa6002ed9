"""Where an address or a country lies: a table of countries that is shipped, and a database of addresses that the operator may name.

The table (``content/places/countries.csv``) gives a rough centre and a rough radius of each country, so that two countries are no further
apart than they must be. A database in MaxMind's format (GeoLite2-City, GeoLite2-ASN, DB-IP, IPinfo ...) gives places of addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from vedette.errors import ConfigError
from vedette.events.address import parsed
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS
from vedette.intel.content import content

if TYPE_CHECKING:
    from maxminddb import Reader

_SOURCE = "src_endpoint."
COUNTRY, CITY, LAT, LONG, NUMBER = (
    f"{_SOURCE}{path}"
    for path in ("location.country", "location.city", "location.lat", "location.long", "autonomous_system.number")
)
_FOUND = {"country": pl.String, "city": pl.String, "lat": pl.Float64, "long": pl.Float64, "number": pl.Int32}
_LARGEST = (1 << 31) - 1


@cache
def countries() -> pl.DataFrame:
    """Return ``country`` (two letters), ``lat``, ``long`` (degrees) and ``radius_km`` of the countries' rough centres."""
    types = {"country": pl.String, "lat": pl.Float64, "long": pl.Float64, "radius_km": pl.Float64}
    return pl.read_csv(content("places/countries.csv"), schema=types)


class Places:
    """Looks up addresses in databases of MaxMind's format.

    Args:
        paths: one file or several (cities in one, networks in another).

    Raises:
        ConfigError: a file is absent or is no such database.
    """

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._readers = [_opened(path) for path in paths]
        self._known: dict[str, tuple[str | None, str | None, float | None, float | None, int | None]] = {}

    def located(self, batch: EventBatch) -> EventBatch:
        """Return the batch with the places of its source addresses, where the source itself told none."""
        schema, have, address = SCHEMAS[batch.kind], batch.frame.columns, f"{_SOURCE}ip"
        if not self._readers or COUNTRY not in schema or address not in have:
            return batch
        found = self._looked_up(batch.frame[address])
        columns = dict(zip((COUNTRY, CITY, LAT, LONG, NUMBER), _FOUND, strict=True))
        more = [
            (pl.coalesce(pl.col(path), found[name]) if path in have else pl.lit(found[name])).alias(path)
            for path, name in columns.items()
        ]
        return EventBatch(batch.kind, batch.frame.with_columns(more), batch.records)

    def _looked_up(self, addresses: pl.Series) -> pl.DataFrame:
        """Return what is known of each address; every distinct one is looked up once."""
        distinct = addresses.drop_nulls().unique().to_list()
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        for text in distinct:  # a look-up is a walk in a tree of the database, one address at a time
            if text not in self._known:
                self._known[text] = self._place(text)
        table = pl.DataFrame(
            [(text, *self._known[text]) for text in distinct], schema={"ip": pl.String, **_FOUND}, orient="row"
        )
        return pl.DataFrame({"ip": addresses}).join(table, on="ip", how="left", maintain_order="left").drop("ip")

    def _place(self, text: str) -> tuple[str | None, str | None, float | None, float | None, int | None]:
        address = parsed(text)
        records = (
            [] if address is None else [r for reader in self._readers if isinstance(r := _get(reader, address), dict)]
        )
        country = next((c for r in records if (c := _country(r))), None)
        city = next((c for r in records if (c := _text(_at(r, "city", "names", "en")) or _text(r.get("city")))), None)
        lat, long = next(((a, b) for r in records for a, b in _coordinates(r)), (None, None))
        number = next((n for r in records if (n := _number(r)) is not None), None)
        return country, city, lat, long, number


_REMEMBERED = 200_000


def _opened(path: Path) -> Reader:
    import maxminddb  # noqa: PLC0415 - only where the operator named a file

    try:
        return maxminddb.open_database(str(path))
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        raise ConfigError(
            f"not a readable database of places: {error}", where=str(path), hint="name a .mmdb file in [intel] geoip"
        ) from error


def _get(reader: Reader, address: IPv4Address | IPv6Address) -> object:
    import maxminddb  # noqa: PLC0415

    try:
        return reader.get(address)
    except (ValueError, maxminddb.InvalidDatabaseError):  # an IPv6 address in a database of IPv4, a damaged node
        return None


def _at(record: Mapping[str, Any], *path: str) -> object:
    value: object = record
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str | None:
    return value[:100] if isinstance(value, str) and value else None


def _country(record: Mapping[str, Any]) -> str | None:
    for code in (_at(record, "country", "iso_code"), record.get("country_code"), record.get("country")):
        if isinstance(code, str) and len(code) == 2:  # noqa: PLR2004 - ISO 3166-1 alpha-2
            return code.upper()
    return None


def _coordinates(record: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    lat, long = _at(record, "location", "latitude"), _at(record, "location", "longitude")
    if isinstance(lat, int | float) and isinstance(long, int | float):
        yield float(lat), float(long)


def _number(record: Mapping[str, Any]) -> int | None:
    number = record.get("autonomous_system_number", record.get("asn"))
    if isinstance(number, str):
        number = (
            int(digits)
            if (digits := number.upper().removeprefix("AS")).isdecimal() and len(digits) <= len(str(_LARGEST))
            else None
        )
    return number if isinstance(number, int) and 0 < number <= _LARGEST else None
