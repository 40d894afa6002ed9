"""A client that carries data through questions and answers of the domain name system."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import dns_tunnel_evidence as evidence
from vedette.features.dns_tunnel import DnsTunnel as Rows
from vedette.model import Analytic, EntityKind, Severity


class DnsTunnel(LogOdds):
    """DNS tunnel: a client carries data in names below one registered domain, or gets it in the answers.

    What is normal: names repeat and caches answer most of them; below one domain a client asks for a few words and some codes of
    content delivery. Block lists, look-ups of hashes and discovery use DNS as a data base: they carry little a name, have forms of
    their own, and many clients ask them.

    The statistic: the bytes that the distinct names could have carried (characters that are new in each name, at the entropy of their
    alphabet) and those of the distinct answers of record types that can carry anything; how much that is a name; whether anything
    repeats; the types; and how many others ever asked below that domain (V. Paxson et al., "Practical comprehensive bounds on surreptitious
    communication over DNS", USENIX Security 2013). No name is judged by itself. Windows are hours.

    Known false positives:

    * security products that look up hashes by the thousand in a domain of their own, on the first clients that have them;
    * tests of DNS resolvers and of DNS tunnels; research that measures by unique names;
    * a mail server that asks an unknown block list for hashes of addresses.

    Blind spots:

    * a few hundred bytes an hour: see `dns_tunnel_slow`;
    * DNS over HTTPS or TLS: the names are not seen;
    * names in domains that many visit, and names that look like addresses written backwards;
    * data in IPv4 addresses of the answers, or in the times of the questions.

    Example: 10.0.0.5 asks for 4,873 CNAME records below one domain in 40 minutes, none twice, each with 70 new bytes.
    """

    name = "dns_tunnel"
    title = "DNS tunnel"
    needs = Rows
    analytic = Analytic.STATISTICAL
    techniques = ("T1071.004", "T1572", "T1048")
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "domain"),)

    def terms(self) -> list[Term]:
        return evidence.terms()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return evidence.attacks(rows, self.techniques)

    def sentence(self) -> pl.Expr:
        return evidence.sentence()
