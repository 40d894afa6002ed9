"""Grammars of what people send who look harmless and write dangerously: searches, questions about code, shops, forms."""
# ruff: noqa: E501, PLR2004, RUF001 - a query is read as a whole

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from urllib.parse import quote, quote_plus

from vedette.learning.datasets.web_benign_words import FOREIGN, OK, sentence
from vedette.learning.datasets.web_carrier import Request, agent, carried, small


def searches(rng: Random) -> Request:
    """People who search in their own language."""
    text = (
        sentence(rng)
        if rng.random() < 0.5
        else rng.choice(FOREIGN) + rng.choice(["", " " + rng.choice(FOREIGN), f" {rng.randint(1, 2030)}"])
    )
    return carried(rng, OK, text, name=rng.choice(["q", "search", "query", "s", "keyword", "text", "suche", "term"]))


def questions(rng: Random) -> Request:
    """Programmers who look things up or chat about code."""
    thing = rng.choice(
        [
            "select from",
            "union all",
            "drop table",
            "insert into",
            "group by having",
            "xp_cmdshell",
            "sleep()",
            "alert()",
            "<script> tag",
            "onclick",
            "document.cookie",
            "eval()",
            "innerHTML",
            "/etc/passwd",
            "/etc/hosts",
            "chmod 755",
            "rm -rf",
            "wget",
            "curl",
            "bash -c",
            "$PATH",
            "${var}",
            "{{ mustache }}",
            "`backticks`",
            "../ relative path",
            "cmd.exe",
            "powershell",
            "base64",
            "jndi",
            "log4j",
            "__init__",
            "Runtime.getRuntime",
            "phpinfo()",
            "information_schema",
            "null byte",
            "order by 1",
            "C:\\Windows",
            "file:///",
            "javascript: links",
            "<iframe>",
            "SELECT *",
            "xml entity",
            "os.system",
            "WHERE clause",
            "ls -la",
            "cat file | grep x",
            "a && b",
            "x || y",
            "git config",
            ".env file",
            ".htaccess",
        ]
    )
    frame = rng.choice(
        [
            "how to use {t} in {l}",
            "{l} {t} example",
            "what does {t} mean",
            "{t} vs {o}",
            "why is {t} bad in {l}?",
            "{t} not working",
            '{l}: {t} error "{e}"',
            "difference between {t} and {o}",
            "{t} tutorial",
            "is {t} safe?",
            "{l} {t} {o}",
            "best way to {t} - {l} forum",
            "{t} site:docs.example",
        ]
    )
    other = rng.choice(
        [
            "left join",
            "distinct",
            "truncate",
            "require",
            "setTimeout",
            "printf",
            "a list comprehension",
            "the onload event",
            "grep",
            "sed",
            "an index",
            "LIKE",
            "=== in JS",
            "a view",
            "sudo",
        ]
    )
    text = frame.format(
        t=thing,
        l=rng.choice(
            ["mysql", "python", "bash", "php", "javascript", "c++", "java", "windows", "oracle", "jinja", "apache"]
        ),
        o=other,
        e=rng.choice(
            [
                "syntax error near ')'",
                "Unknown column 'id'",
                "unexpected token '<'",
                "command not found",
                "permission denied",
                "can't open file",
            ]
        ),
    )
    return carried(rng, OK, text, name=rng.choice(["q", "query", "title", "search", "topic", "text"]))


def shopping(rng: Random) -> Request:
    """Shops and their filters."""
    query = rng.choice([
        f"sort=price_{rng.choice(['asc', 'desc'])}&page={rng.randint(1, 90)}&brand={quote_plus(rng.choice(['Levi’s', 'Ben & Jerry', 'L' + chr(39) + 'Oréal', 'H&M', 'Marks & Spencer', 'Dr. Oetker', 'C&A', 'AT&T', '7-Eleven']))}",
        f"filter[price][from]={rng.randint(1, 90)}&filter[price][to]={rng.randint(100, 900)}&filter[color][]=red&filter[color][]=blue", f"f=size:{rng.randint(30, 48)};color:black;fit:slim|regular", f"price={rng.randint(1, 50)}-{rng.randint(51, 99)}&in_stock=true&order=name", f"sku={rng.randint(1000, 9999)}-{rng.randint(10, 99)}/{rng.choice('ABC')}&qty={rng.randint(1, 9)}", f"q={quote_plus('24 monitor <200€')}", f"q={quote_plus('1/2 inch (12mm) hose & clamp')}", f"coupon=SAVE{rng.randint(5, 50)}%25", f"cart={quote(json.dumps([{'id': rng.randint(1, 999), 'n': rng.randint(1, 5)}]))}", f"ids={','.join(str(rng.randint(1, 9999)) for _ in range(rng.randint(2, 20)))}", f"category=home+%26+garden&min=10&max={rng.randint(20, 99)}&rating=%3E%3D4", f"delivery={quote('5th Avenue 12, #3b; ring twice')}", f"name={quote_plus(rng.choice(['Ó' + chr(39) + 'Brien', 'D' + chr(39) + 'Angelo', 'Jean-Luc L' + chr(39) + 'Heureux', 'Anne-Marie', 'Müller (privat)', 'N' + chr(39) + 'Golo Kanté', 'van ' + chr(39) + 't Hoff']))}&phone=%2B49+30+{rng.randint(100000, 999999)}",
    ])  # fmt: skip
    return replace(carried(rng, OK, "1"), query=query)


def forms(rng: Random) -> Request:
    """What people type into forms: addresses, comments, prices, quotes, text with marks."""
    first, last = (
        rng.choice(["Seán", "Anna", "José", "Zoë", "D'Arcy", "Jürgen", "Mary-Ann", "Li"]),
        rng.choice(["O'Connor", "D'Souza", "Smith", "Müller", "García López", "N'Diaye", "de l'Épée", "St. John"]),
    )
    value = rng.choice([
        f"{first} {last}", f"{first[0]}. {last} <{first.lower()}@example.com>", f"Hi {first},\r\n\r\nthanks for your order #{rng.randint(1, 9999)}; it's great!\r\nBest, {last}", "I'd like 2 or 3 rooms and 1 table for 4 (non-smoking), please; call me @ 10:30.", f"\"{sentence(rng)}\" -- {last}", f"P@ssw0rd'{rng.randint(1, 99)}!", f"x{rng.randint(1, 99)}#;--Y%q", f"{rng.randint(1, 99)} {last} St., Apt. #{rng.randint(1, 20)}; Suite 'B'", f"It's {rng.randint(10, 90)}% done & we're <10 days late -- {first}'s team", f"price: ${rng.randint(1, 99)}.99 (incl. VAT) / pc.", "5 * 3 = 15 and 1 + 1 = 2", f"<p>Hello <b>{first}</b>, see <a href=\"https://www.example.com/a\">this page</a>.</p>", "*bold* _it_ `code` [link](https://example.com) > quote", f"- item 1\n- item 2\n\n# Title\n{sentence(rng)}", f"{first} said: 'I can't select one'; {last} didn't.", f"C:\\Users\\{first}\\Documents\\report.docx", f"\\\\fileserver\\share\\{first}", f"Q: who is in? A: {first} & {last}; or not...", f"{rng.choice(FOREIGN)} ({rng.choice(FOREIGN)})", f"{last}, {first} (1990-05-12)", ":-) ;-) <3 ^_^ \\o/", f"=) {sentence(rng)} ;)", f"re: {sentence(rng)}", f"[b]{first}[/b] wrote: [quote]{sentence(rng)}[/quote]", f"Tel. +49 (0)30/123-{rng.randint(100, 999)}", "100€ | 120$ | 90£", f"{first}+{last}@mail.example", "N/A", "--", "- none -", "n/a; see above", "?", "...", "'", "it's", "5\"", "y/n", "yes; no; maybe", "rock & roll", "R&D", "tom & jerry's", "me, myself && I", "a > b", "1 < 2", "{name}", "Dear {first_name},", "Dear {{ customer.name }}, thank you", "https://www.example.com/path?a=1&b=2", f"http://{last.lower().replace(chr(39), '').replace(' ', '')}.example/", "sleep well (all night)", "drop me a line", "echo chamber; a review", "cat & dog food", "id card", "ping pong", "more or less", "head of sales", "date night", "who", "sort by date", "type a", "find nemo", "more", "net", "set", "home", "top 10", "last", "env", "exec", "shell", "system", "whois", "cat", "kill bill", "bin bags", "touch screen",
    ])  # fmt: skip
    return carried(
        rng,
        OK,
        value,
        name=rng.choice(
            [
                "name",
                "comment",
                "message",
                "address",
                "title",
                "q",
                "subject",
                "password",
                "note",
                "bio",
                "city",
                "email",
                "text",
                "c",
                "a",
                "cmd",
                "action",
                "do",
            ]
        ),
    )


def visits(rng: Random) -> Request:
    """Plain pages with plain parameters."""
    made = carried(rng, OK, small(rng))
    return replace(made, agent=agent(rng), query=rng.choice([made.query, made.query, None]))
