"""Facts of SQL injection, and of injections into other languages of queries."""

# ruff: noqa: E501 - a pattern is read as a whole

from __future__ import annotations

from vedette.features.web_fact import END, SQL, Fact

_SQL_CALLS = (
    "sleep\\s?\\(\\s?['\"(]?[\\d(s]|benchmark\\s?\\(\\s?\\d|(?:pg_sleep|extractvalue|updatexml|load_file|load_extension|randomblob|dbms_pipe\\.receive_message|dbms_lock\\.sleep"
    "|utl_inaddr\\.get_host_(?:address|name)|utl_http\\.request|ctxsys\\.drithsx\\.sn|dbms_utility\\.\\w+|gtid_subset|json_keys|name_const"
    "|(?:geometrycollection|multipoint|polygon|linestring)\\s?\\(\\s?\\(?select|exp\\s*\\(\\s*~|group_concat|string_agg|listagg|xmltype|row_count|char_length|unhex"
    "|sys_eval|sys_exec|make_set|elt|openrowset|opendatasource|fn_xe_file_target_read_file|lo_import|lo_export|dblink_connect|generate_series"
    "|xmlagg|query_to_xml|database_to_xml|found_rows|last_insert_id|pg_read_file|pg_ls_dir|current_database|session_user|system_user|is_srvrolemember)\\s?\\("
)
_SQL_VALUES = (
    "char|nchar|chr|ascii|ord|substr|substring|substrc|mid|left|right|concat|concat_ws|hex|version|database|schema|user|current_user|iif|ifnull|cast"
    "|convert|rand|floor|count|length|len|lpad|bin|ceil|rpad|coalesce|nullif|unicode|replace|reverse|lower|upper|min|max|to_char|table_name|select"
)

SQL_FACTS: tuple[Fact, ...] = (
    Fact(
        "sql_tautology",
        SQL,
        "a comparison that is always true or false, joined on with a logical operator",
        r"(?:['\")`\s\d(]|/)(?:or|and|xor|having|where|when|\|\||&&|not)[\s('\"`!~+@#-]{1,20}(?:not\s|binary\s|exists\s)?[\s('\"`]{0,8}"
        r"(?:\d[\w.]{0,20}['\"`)]{0,4}\s?(?:=|<>|!=|<|>|like|rlike|regexp|is|in|between|div|%)\s?[\s('\"`~!+-]{0,8}\d|true\b|false\b|null is|\w{1,30} is (?:not )?null\b|[a-z_]{2,20}\s?\([^\x1a-\x1f]{0,60}\)\s?(?:=|<|>|like|in|between)"
        r"|['\"`][\w%]{0,20}['\"`)]{1,4}\s?(?:=|<>|!=|<|>|like\b|rlike\b|regexp\b)\s?[\s('\"`]{0,8}[\w%'\"]"
        r"|[a-z]{1,12}['\"`]\s?(?:=|like)\s?['\"`][a-z%])",
        sign=False,
        strength=4,
    ),
    Fact(
        "sql_union",
        SQL,
        "UNION SELECT joins a second query on",
        r"\bunion[\s(+]{1,9}(?:all[\s(]{1,9}|distinct[\s(]{1,9}|distinctrow\s)?(?:select|values)[\s(+]{1,9}[\w@*(\x27.-]",
        sign=False,
        strength=8,
    ),
    Fact(
        "sql_subselect",
        SQL,
        "a query inside a value",
        r"[(=,]\s?select\b|[^\x1a-\x1f\w]select[\s(]{1,5}(?:\*|null\b|['\"`@]|\d+\s?(?:,|from|where|--|#)|0x[0-9a-f]{2}|case\s+when|\w{2,30}\s?\(|count\s?\()|\bfrom\s\(?select",
        strength=4,
    ),
    Fact(
        "sql_call",
        SQL,
        "a function of databases that delays, leaks or reads files",
        rf"\b(?:{_SQL_CALLS})|waitfor\s+delay|procedure\s+analyse|into\s+(?:out|dump)file|\bxp_(?:cmdshell|dirtree|fileexist|regread)|\bsp_(?:oacreate|executesql|password|makewebtask)",
        sign=False,
        strength=5,
    ),
    Fact(
        "sql_value", SQL, "a function of databases around a value", rf"['\"|,(=\s+](?:{_SQL_VALUES})\s?\(", strength=1
    ),
    Fact(
        "sql_catalogue",
        SQL,
        "the names of a database's own tables or variables",
        r"information_schema|sys(?:objects|columns|databases|users|logins)\b|sqlite_(?:master|schema|version)|all_t(?:ables|ab_columns)|all_users|user_tab|pg_(?:catalog|tables|user|shadow|database)"
        r"|mysql\.(?:user|db)|msys(?:objects|aces)|sysibm|rdb\$|syscat\b|master\.\.|sys\.(?:user|tables|databases|schemas)|v\$version|banner\s+from|from\s+dual\b|@@(?:version|datadir|hostname|servername|basedir|global|spid)",
        sign=False,
        strength=5,
    ),
    Fact(
        "sql_stacked",
        SQL,
        "a second statement after a semicolon",
        r";\s?\(?(?:select\s+(?:\*|\w+\s?\(|\d|[\x27\x22@(])|insert\s+into|update\s+\w+\s+set|delete\s+from|drop\s+\w+|create\s+(?:or|table|user|function|procedure|alias)|alter\s+\w+|exec\b|execute\b|declare\s+@?|shutdown|waitfor|truncate|call\b|copy\s+\w+|grant\s|if\s?\(|begin\b|use\s+\w+)",
        strength=5,
    ),
    Fact(
        "sql_tail",
        SQL,
        "a comment that cuts the rest of a query off",
        rf"[\w'\")\]%;]\s?(?:--\s?[-+]?[a-z]{{0,6}}|--\s\w{{1,6}}|#|;\x01|/\*)\s?{END}",
        strength=1,
    ),
    Fact(
        "sql_breakout",
        SQL,
        "a quote that ends a value, and an operator after it",
        r"(?:[\x1f/=]|^)[\w .%@-]{0,40}['\"`][\s)]{0,8}(?:or|and|union|order by|group by|having|where|limit|procedure|rlike|regexp|like|between|is|in|when|as|div|xor|sounds|asc|desc|waitfor|if|exec|select|into)[\s('\"`!@*+-]"
        r"|(?:[\x1f/=]|^)[\w .%@-]{0,40}['\"`][\s)]{0,8}(?:;|--|#|\+\s?\(|\|\||&&|/\*|\*/|<>|!=|\^|\x01)",
        strength=4,
    ),
    Fact(
        "sql_quote",
        SQL,
        "a lone quote or bracket that upsets a query",
        rf"[\x1f/=][\w.%-]{{0,12}}(?:['\"`\\]|%27)[)\"'(,.`]{{0,12}}(?:\s?[-#]{{1,3}})?{END}",
        strength=1,
    ),
    Fact(
        "sql_order",
        SQL,
        "a count of a query's columns",
        r"(?:\x1f[-\w%]{0,12}|['\"`)\d])['\"`)\s]{0,8}(?:order|group)\s+by\s+\d{1,4}\s?(?:--|#|;|,|/\*|[\x1a-\x1f]|$)|\blimit\s+\d+\s?,\s?\d+\s?(?:--|#|into|procedure|union)|having\s+\d+\s?=",
        sign=False,
        strength=6,
    ),
    Fact(
        "sql_arithmetic",
        SQL,
        "a number that a query works out",
        r"\x1f\s?(?:or|and)\s+[a-z]\w{0,7}\s?=\s?[a-z]\w{0,7}\s?(?:#|--|[\x1a-\x1f]|$)|\x1f\s?(?:or|and|where|having)\s+\d{1,9}\s?[=<>]|\bif\s?\(\s?\d+\s?=\s?\d+\s?\)\s?select|\x1f-?\d{1,9}\s?[)'\"]{1,9}\s?(?:[a-z|;&#]|--)|\b(?:iif|if|elt|make_set|case\s?when)[\s(]{1,3}\d{1,9}\s?=\s?\d|\x1f\d{1,6}\s?(?:and|or|xor|\|\||&&|rlike|&|\|)\s?[('\"~!-]{0,3}\d",
        sign=False,
        strength=3,
    ),
    Fact(
        "sql_hex",
        SQL,
        "text written as a long hexadecimal number",
        r"[\s,(=]0x(?:[0-9a-f]{2}){3,}|(?:chr|char|nchar)\s?\(\s?\d{2,3}\s?[),]",
        sign=False,
        strength=3,
    ),
    Fact(
        "sql_words",
        SQL,
        "the words of a query in their order",
        r"[^\x1a-\x1f\w]select\b[^\x1a-\x1f]{1,120}\bfrom\b[^\x1a-\x1f]{1,120}(?:\bwhere\b|\blimit\s\d|--|#|\bgroup by\b|\border by\b)|\bdrop\s+(?:table|database)\s+\w|\binsert\s+into\s+[\w.`]+\s?\(|\bdelete\s+from\s+\w+\s+where|\bupdate\s+\w+\s+set\s+\w+\s?=",
        sign=False,
        strength=4,
    ),
    Fact(
        "query_operator",
        SQL,
        "an operator of a document database",
        r"\[\$(?:n?eq?|[gl]te?|regex|where|n?in|exists|or|nor|and|not|func)\]|\{\s?['\"]?\$(?:n?eq?|[gl]te?|regex|where|n?in|exists|or)['\"]?\s?:|\$where\b|this\.\w+\s?(?:==|\.match)|\|\|\s?'?1'?\s?==\s?'?1|;\s?return\s+(?:true|1)",
        strength=6,
    ),
    Fact(
        "directory_filter",
        SQL,
        "a filter of a directory service torn open",
        r"\*\)\s?\(|\*\(\)[|&]|\)\([&|!]\)|\)\s?\(\|\s?\(|\(\s?[&|!]\s?\(|\*\)\)%?\x01?|\)\((?:uid|cn|mail|objectclass|password)=",
        strength=6,
    ),
    Fact(
        "xpath",
        SQL,
        "a test of XPath",
        r"(?:or|and|not)[\s(]+(?:contains|starts-with|substring|string-length|name|count)\s?\(\s?(?:name|/|\.|//|text|position)|//\*|'\s?or\s+(?:count|name|position|string-length|last)\s?\(|//\*|\bor\s+count\(/|(?:parent|child|ancestor|following)::",
        strength=4,
    ),
)
