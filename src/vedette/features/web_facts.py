"""What web attacks cannot do without: one table of patterns over the decoded text of a request, each a fact that holds or not.

Sources: OWASP Web Security Testing Guide 4.2 (input validation), the manuals of the database systems named, RFC 9110, CAPEC-66, -63, -126,
-88, -248, -250, -253, CVE-2021-44228 (lookups), CVE-2014-6271 (shell functions). The weight of each is learned.
"""

# ruff: noqa: E501 - a pattern is read as a whole

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

SQL, SCRIPT, FILES, COMMAND, TEMPLATE, LOOKUP, MARKUP, PROBE, SHELL, HEADER = (
    "SQL injection",
    "cross-site scripting",
    "path traversal",
    "command injection",
    "template injection",
    "lookup injection",
    "markup injection",
    "scan for weak spots",
    "web shell",
    "header injection",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One pattern.

    Attributes:
        name: of the fact; ``kind``: the attack that it speaks of; empty: of any.
        said: what it is, in the words of a report.
        pattern: over lower-case decoded text with the marks of ``web_decode``.
        sign: True where it needs one of ``SIGNS`` in the text.
        strength: how much it says about the kind, for the name of the attack alone.
    """

    name: str
    kind: str
    said: str
    pattern: str
    sign: bool = True
    strength: int = 2


SIGNS = r"""["'<>(){}&|;$`*\\\[\]\n\x01#]|\.\.|:/|--|@@"""
"""Without one of these a text holds none of the facts that need one."""
_END = r"(?:[\x1a-\x1f]|$)"
_IN = r"[^\x1a-\x1f]"
_COMMANDS = (
    "cat|ls|dir|id|whoami|uname|wget|curl|nc|ncat|netcat|bash|sh|zsh|ksh|ping|nslookup|dig|sleep|timeout|echo|printf|python[23]?|perl|php|ruby|lua"
    "|rm|chmod|chown|tftp|ftpget|busybox|ifconfig|ipconfig|netstat|type|net|cmd|cmd\\.exe|powershell|pwsh|certutil|bitsadmin"
    "|env|printenv|ps|pwd|tail|nl|tac|grep|awk|sed|touch|kill|mkfifo|telnet|systeminfo|tasklist|hostname|mshta|rundll32"
    "|reg|wmic|sudo|su|cd|eval|exec|uptime|df|arp|xxd|base64|od"
)
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

FACTS: tuple[Fact, ...] = (
    # ------------------------------------------------------------------------------------------------------- SQL
    Fact(
        "sql_tautology",
        SQL,
        "a comparison that is always true or false, joined on with a logical operator",
        r"(?:['\")`\s\d(]|/)(?:or|and|xor|having|where|when|\|\||&&|not)[\s('\"`!~+@-]{1,20}(?:not\s|binary\s|exists\s)?[\s('\"`]{0,8}"
        r"(?:\d[\w.]{0,20}['\"`)]{0,4}\s?(?:=|<>|!=|<|>|like|rlike|regexp|is|in|between|div|%)\s?[\s('\"`~!+-]{0,8}\d|true\b|false\b|null is|[a-z_]{2,20}\s?\([^\x1a-\x1f]{0,60}\)\s?(?:=|<|>|like|in|between)"
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
        r"[(=,]\s?select\b|\bselect[\s(]{1,5}(?:\*|null\b|['\"`@]|\d+\s?(?:,|from|where|--|#)|0x[0-9a-f]{2}|case\s+when|\w{2,30}\s?\(|count\s?\()|\bfrom\s\(?select",
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
        rf"[\w'\")\]%;]\s?(?:--\s?[-+]?[a-z]{{0,6}}|--\s\w{{1,6}}|#|;\x01|/\*)\s?{_END}",
        strength=1,
    ),
    Fact(
        "sql_breakout",
        SQL,
        "a quote that ends a value, and an operator after it",
        r"(?:[\x1f/=]|^)[\w .%@-]{0,40}['\"`][\s)]{0,8}(?:or|and|union|order by|group by|having|where|limit|procedure|rlike|regexp|like|between|is|in|when|as|div|xor|sounds|asc|desc|waitfor|if|exec|select|into)[\s('\"`!@*+-]"
        r"|(?:[\x1f/=]|^)[\w .%@-]{0,40}['\"`][\s)]{0,8}(?:;|--|#|\+\s?\(|\|\||&&|/\*|\*/|<>|!=|\^|\x01)",
        strength=3,
    ),
    Fact(
        "sql_quote",
        SQL,
        "a lone quote or bracket that upsets a query",
        rf"[\x1f/=][\w.%-]{{0,12}}(?:['\"`\\]|%27)[)\"'(,.`]{{0,12}}(?:\s?[-#]{{1,3}})?{_END}",
        strength=1,
    ),
    Fact(
        "sql_order",
        SQL,
        "a count of a query's columns",
        r"\b(?:order|group)\s+by\s+\d{1,4}\b|\blimit\s+\d+\s?,\s?\d+\s?(?:--|#|into|procedure|union)|having\s+\d+\s?=",
        sign=False,
        strength=6,
    ),
    Fact(
        "sql_arithmetic",
        SQL,
        "a number that a query works out",
        r"\x1f\s?(?:or|and)\s+[a-z]\w{0,7}\s?=\s?[a-z]\w{0,7}\s?(?:#|--|[\x1a-\x1f]|$)|\x1f\s?(?:or|and|where|having)\s+\d{1,9}\s?[=<>]|\bif\s?\(\s?\d+\s?=\s?\d+\s?\)\s?select|\x1f-?\d{1,9}\s?[)'\"]{1,9}\s?[a-z|;&#-]|\x1f\d{1,6}\s?(?:and|or|xor|\|\||&&|rlike|&|\|)\s?[('\"~!-]{0,3}\d",
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
        r"\bselect\b[^\x1a-\x1f]{1,120}\bfrom\b[^\x1a-\x1f]{1,120}(?:\bwhere\b|\blimit\s\d|--|#|\bgroup by\b|\border by\b)|\bdrop\s+(?:table|database)\s+\w|\binsert\s+into\s+[\w.`]+\s?\(|\bdelete\s+from\s+\w+\s+where|\bupdate\s+\w+\s+set\s+\w+\s?=",
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
        r"\*\)\s?\(|\)\([&|!]\)|\)\s?\(\|\s?\(|\(\s?[&|!]\s?\(|\*\)\)%?\x01?|\)\((?:uid|cn|mail|objectclass|password)=",
        strength=6,
    ),
    Fact(
        "xpath",
        SQL,
        "a test of XPath",
        r"(?:or|and|not)[\s(]+(?:contains|starts-with|substring|string-length|name|count)\s?\(\s?(?:name|/|\.|//|text|position)|//\*|'\s?or\s+(?:count|name|position|string-length|last)\s?\(|//\*|\bor\s+count\(/|(?:parent|child|ancestor|following)::",
        strength=4,
    ),
    # -------------------------------------------------------------------------------------------- cross-site scripting
    Fact(
        "script_tag",
        SCRIPT,
        "a script element",
        r"<\s?/?\s?(?:\w{1,12}:)?s\s?c\s?r\s?i\s?p\s?t\b|<script|script>",
        strength=5,
    ),
    Fact(
        "active_tag",
        SCRIPT,
        "an element that loads or runs something",
        r"<\s?/?(?:iframe|frameset|frame|object|embed|applet|svg|math|body|meta|base|link|style|form|input|textarea|button|isindex|keygen|marquee|bgsound|layer|ilayer|video|audio|source|details|select|template|noscript|xml|img|image|html|head|title|animate\w*|set|portal|dialog|xss|x|template|plaintext|xmp|listing|comment)(?:[\s/>\"'<\x01-\x1f]|$)",
        strength=4,
    ),
    Fact(
        "mild_tag",
        SCRIPT,
        "an HTML element",
        r"<\s?/?[a-z][a-z0-9:-]{0,20}(?:[\s/][^<>\x1a-\x1f]{0,300})?>",
        strength=1,
    ),
    Fact(
        "event_handler",
        SCRIPT,
        "an event handler",
        r"[\s/\"'<>\x1f\x01,;`](?:on(?:error|load|click|focus|blur|mouse\w{2,10}|key\w{2,6}|submit|toggle|begin|end|start|finish|bounce|pointer\w{2,12}|animation\w{3,12}|transition\w{3,8}|auxclick|copy|cut|paste|wheel|scroll\w{0,4}|resize|change|input|select\w{0,8}|reset|drag\w{0,6}|drop|pageshow|hashchange|message|popstate|unload|beforeunload|canplay\w{0,8}|play\w{0,4}|loadstart|loadeddata|loadedmetadata|readystatechange|dblclick|contextmenu|abort|activate|invalid|search|show|seeked|timeupdate|webkit\w{5,30}|touch\w{3,6}|orientationchange|filterchange|propertychange|zoom|help|cellchange|storage|online|offline|repeat))\s?=|<[a-z!][^<>\x1a-\x1f]*[\s/\"'\x01]on[a-z]{3,20}\s?=",
        strength=5,
    ),
    Fact(
        "script_address",
        SCRIPT,
        "an address that is a program",
        r"j\s?a\s?v\s?a\s?s\s?c\s?r\s?i\s?p\s?t\s?:|(?:vb|live)script\s?:|data\s?:\s?(?:text/html|image/svg|application/x?html|[^,\x1a-\x1f]{0,40};base64,)|feed:javascript|srcdoc\s?=|xlink:href\s?=",
        sign=False,
        strength=4,
    ),
    Fact(
        "script_call",
        SCRIPT,
        "calls that attacks on browsers try",
        r"\b(?:alert|confirm|prompt|print|eval|settimeout|setinterval|atob|btoa|unescape|execscript|importscripts)\s?(?:\(|`|&lpar;|\.(?:call|apply|bind)|\[)|string\.fromcharcode|document\s?[.\[]\s?['\"]?(?:cookie|write|location|domain|body|createelement|url|documentelement)|(?:window|top|self|parent|this|frames|globalthis)\s?[.\[]\s?['\"/]?(?:location|name|open|alert|onerror|eval|document)|(?:local|session)storage|\bfetch\s?\(|xmlhttprequest|\.innerhtml|\.constructor\s?[(\[]|\bfunction\s?\(\s?\)\s?\{|import\s?\(\s?['\"]",
        strength=3,
    ),
    Fact(
        "tag_breakout",
        SCRIPT,
        "a value that closes an attribute or element and opens another",
        r"['\"`]\s?/?>|['\"`]\s?\+?-?(?:alert|confirm|prompt|eval)|--\s?!?>|</(?:script|title|textarea|style|noscript|xmp|option|select|a)\b|\]\]>|['\"];\s?[\w.\[(]{2,40}[(\[`]|['\"`]\s?[-+*/^%&|,]\s?[\w.\[(]{2,30}[(\[`]|\s(?:autofocus|style|src|href|accesskey|tabindex)\s?=\s?['\"]?[\w:/({-]",
        strength=2,
    ),
    Fact(
        "style_program",
        SCRIPT,
        "a style that runs something",
        r"expression\s?\(|-moz-binding|behaviou?r\s?:\s?url|@import\s?['\"u]|background(?:-image)?\s?:\s?url\s?\(\s?['\"]?\s?(?:javascript|data)|\bxss\b\s?:|/\*\*/expr",
        strength=3,
    ),
    Fact(
        "script_word",
        SCRIPT,
        "a word that testers leave",
        r"\bxss\b|alert\(|\bxsstest|ha\.ckers|burpcollaborator|interact\.sh|oast(?:ify|\.\w{2,4})|dnslog|\bbxss\b|ceye\.io|\.oob\.",
        sign=False,
        strength=1,
    ),
    # -------------------------------------------------------------------------------------------------- files, traversal
    Fact(
        "up_once",
        FILES,
        "a step up in the folder tree",
        r"(?:^|[/\\=\x1a-\x1f])\.{2,}[;%]?[/\\]|[/\\]\.{2,}(?:[/\\;\x01]|$|[\x1a-\x1f])|\.\.[/\\]|\.\.0x[25]|0x2e0x2e|\.{5}",
        strength=1,
    ),
    Fact(
        "up_twice",
        FILES,
        "steps up in the folder tree",
        r"(?:\.{2,}[;\x01]?(?:[/\\]|0x[25][cf]|%+[25][cf]|\xe2\x88\x95)[/\\.]{0,8}){2,}|(?:[/\\]\.{2,}){2,}|(?:\.{4}[/\\]{2}){1,}|(?:[/\\]\.[/\\]\.?){3,}|(?:\.\./\\){1,}|0x2e0x2e|\.{6}",
        strength=5,
    ),
    Fact(
        "unix_file",
        FILES,
        "a file of Unix systems that attackers read",
        r"(?:^|[/\\=\x1a-\x1f.])(?:etc[/\\]+(?:passwd|shadow|group|hosts|issue|profile|motd|fstab|crontab|sudoers|ssh|apache2?|nginx|httpd|my\.cnf|mysql|php|resolv|os-release|\w+\.conf)|proc[/\\]+(?:self|version|cpuinfo|cmdline|mounts|net|\d+)|var[/\\]+(?:log|lib/mysql|www|run/secrets|spool|mail)\b|root[/\\]+\.|home[/\\]+[\w.-]+[/\\]+\.|usr[/\\]+local[/\\]+(?:apache|etc|app|lib/php)|dev[/\\]+(?:tcp|null|random|fd))|\.(?:bash_history|ssh/(?:id_|auth)|htpasswd|passwd)|etcpasswd|web-inf[/\\.]?|\bpasswd\b",
        sign=False,
        strength=3,
    ),
    Fact(
        "windows_file",
        FILES,
        "a file of Windows systems that attackers read",
        r"boot\.ini|win(?:dows|nt)?[/\\]+(?:win\.ini|system32|system\.ini|repair|php\.ini|panther|debug|my\.ini)|win\.ini|drivers[/\\]+etc|(?:^|[\x1f=/])[c-e]:[/\\]|inetpub|[/\\]web\.config|config[/\\]+sam\b|system32|sysprep\.(?:inf|xml)|autoexec\.bat|\\\\[\w.-]+\\",
        sign=False,
        strength=3,
    ),
    Fact(
        "stream_wrapper",
        FILES,
        "an address that reads local files or runs code",
        r"(?:php|phar|zip|expect|gopher|dict|ogg|rar|ssh2|glob|netdoc|ldap|compress\.zlib|compress\.bzip2|jar|file|tftp|sftp)://?[\w./(\\]|convert\.base64|php://(?:filter|input)|data:(?:text/plain|;base64|//)",
        sign=False,
        strength=4,
    ),
    Fact(
        "remote_page",
        FILES,
        "a value that is a page or script of another server to include",
        rf"\x1f\s?(?:https?|ftps?|smb)?:?//{_IN}{{3,200}}(?:\.(?:txt|php\d?|inc|dat|cgi|asp|log|gif|jpg)\?*(?:\x01|\?|&|{_END})|(?:shell|r57|c99|evil|attacker|id\.txt|cmd|rfi|hack)|\?\?*{_END})",
        strength=1,
    ),
    Fact(
        "inner_address",
        FILES,
        "an address inside the network or of a cloud's metadata",
        r"[\x1f=]\s?(?:https?|ftp|gopher|dict)?:?//(?:[^@/\x1a-\x1f]{0,60}@)?(?:127\.\d|0\.0\.0\.0|localhost|169\.254\.|\[::|0x7f|2130706433|10\.\d|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|metadata\.|100\.100\.100\.200|\d{8,10}[/:])|latest/meta-data|computemetadata",
        sign=False,
        strength=4,
    ),
    Fact(
        "cut_name",
        FILES,
        "an end mark that cuts a file name off",
        r"[\w/]\x01(?:\.\w{2,5})?(?:[\x1a-\x1f]|$)|\.(?:php|jsp|asp|cgi|conf|passwd)\x01|::\$data",
        strength=3,
    ),
    # ----------------------------------------------------------------------------------------------------------- commands
    Fact(
        "joined_command",
        COMMAND,
        "a command of the system joined on with a shell's separator",
        rf"(?:[;|&`\n]|\$\(|<\(|>\()\s?['\"(\{{]?(?:/?(?:usr/)?(?:local/)?s?bin/)?(?:{_COMMANDS})['\"]?(?:[\s;|&#`)<>'\"\x1a-\x1f$/+,}}{{\x01-]|$)",
        strength=5,
    ),
    Fact(
        "leading_command",
        COMMAND,
        "a value that begins with a shell's separator and a command",
        rf"\x1f[\w.*/\\-]{{0,13}}['\")]?\s?(?:[;|&`\n]|\$\(|\{{\$\{{){{1,3}}[\s`]?(?:/?(?:usr/)?(?:s?bin/)?)?(?:{_COMMANDS}|phpinfo|system|print|sysinfo|netsh|reg|assert|exec|passthru)(?:[\s;|&#`)(<>'\"\x1a-\x1f$/+,}}{{\x01-]|$)",
        strength=4,
    ),
    Fact(
        "substitution",
        COMMAND,
        "a command whose output a shell would fill in",
        r"`[^`\x1a-\x1f]{1,200}`|\$\([^)\x1a-\x1f]{1,200}\)?|\$\(\(",
        strength=2,
    ),
    Fact(
        "program_path",
        COMMAND,
        "the path of a system program",
        r"/(?:usr/)?(?:local/)?s?bin/[\w.]{1,20}|/dev/(?:tcp|udp)/|cmd(?:\.exe)?(?:\s|\+)?/[ckr]\b|powershell(?:\.exe)?\s[-/\w]|bin/(?:ba|z|k|c)?sh\b|cmd\.exe|/\?{2,3}/|%comspec%|%systemroot%",
        sign=False,
        strength=3,
    ),
    Fact(
        "shell_space",
        COMMAND,
        "a shell's ways around blanks and filters",
        r"\$\{?ifs\b|\$ifs|[\x1f;|& ]\{(?:cat|ls|ping|wget|curl|nc|echo|id),|<\s?/etc/|\$@|\$\{\w{1,10}(?::\d|#|%)|[a-z]\\[a-z]{1,8}\s|\$u\b",
        strength=2,
    ),
    Fact(
        "fetch_and_run",
        COMMAND,
        "a program fetched and started",
        rf"(?:wget|curl|tftp|fetch|ftpget|busybox\s+wget|lwp-download|certutil|bitsadmin|iwr|invoke-webrequest)[\s+]{_IN}{{0,120}}(?:https?:|ftp:|\d+\.\d+\.\d+\.\d+|-o\b|-g\b)|chmod[\s+]+(?:[0-7]{{3,4}}|[+a-z]{{1,3}}x)|rm\s+-rf?\s|/tmp/[\w.]+|downloadstring|nc\s+-[elnv]+|mkfifo|\|\s?(?:ba)?sh\b",
        sign=False,
        strength=6,
    ),
    Fact(
        "joined_separator",
        COMMAND,
        "a shell's separator at the edge of a value",
        rf"\x1f[\w.@ -]{{0,40}}(?:;|\|\|?|&&|&|\n|`|\$\()\s?[a-z/]{_IN}{{0,80}}(?:{_END}|[;|&#])|(?:;|\|)\s?{_END}",
        strength=1,
    ),
    Fact(
        "shell_function",
        COMMAND,
        "a function definition in place of a value (Shellshock)",
        r"\(\s?\)\s?\{\s?[:_\w]?[^}\x1a-\x1f]{0,40}[;}]",
        strength=8,
    ),
    Fact(
        "lone_command",
        COMMAND,
        "a command as the whole of a value",
        r"[\x1e\x1f]\s?(?:cat|ls|dir|id|whoami|uname|wget|curl|ping|nslookup|ifconfig|ipconfig|netstat|nc|netsh|reg\s(?:add|query|delete)|net\s(?:user|view|localgroup|group)|type|systeminfo|tasklist|ps|pwd|env|cmd|powershell|bash|sh|cd|echo|python|perl|phpinfo)(?:\s-\w|\s/\w|\s[\w.:~$%]+[/\\.]|\s?[;|&>])",
        sign=False,
        strength=5,
    ),
    Fact(
        "program_code",
        COMMAND,
        "program code of PHP, Python, Ruby or ASP",
        r"<\?(?:php|=)|<%\s?(?:=|eval|execute|@)|\b(?:system|shell_exec|exec|passthru|popen|proc_open|pcntl_exec|assert|eval|base64_decode|gzinflate|str_rot13|phpinfo|phpversion|file_put_contents|file_get_contents|fwrite|fputs|fopen|readfile|call_user_func(?:_array)?|create_function|preg_replace|var_dump|print_r|highlight_file|show_source|include|require(?:_once)?|md5|unserialize|ini_set|move_uploaded_file|eval\s?request|server\.createobject|os\.system|os\.popen|subprocess|__import__|io\.popen|kernel\.exec|process\.start|response\.write|print)\s?\(\s?['\"$\w@\[]|\bphpinfo\s?\(\s?\)|\$_(?:get|post|request|server|cookie|files|session)\b|allow_url_include|auto_prepend_file|invokefunction|think\\|vars\[\d\]|die\s?\(|require\(['\"]child_process|child_process|process\.(?:mainmodule|binding|env)",
        sign=False,
        strength=4,
    ),
    # ------------------------------------------------------------------------------------------ templates, lookups, markup
    Fact(
        "template_sum",
        TEMPLATE,
        "a sum for a template engine to work out",
        r"(?:\{\{|\$\{|#\{|<%=|\*\{|@\{|@\(|\{%|\[\[|~\{|\{|%\{)\s?[('\"(]{0,3}\d{1,6}['\")]{0,3}\s?[*+/-]\s?['\"(]{0,3}\d{1,6}['\")]{0,3}\s?(?:\}|%>|\)|\]\])|#set\s?\(",
        strength=6,
    ),
    Fact(
        "template_object",
        TEMPLATE,
        "objects that lead from a template to the system",
        r"__(?:class|mro|subclasses|globals|builtins|import|init|base|bases|getitem|self|code|reduce)__|getruntime|runtime\s?\.|processbuilder|java\.(?:lang|io|util|net)|javax\.script|freemarker\.template|\bt\s?\(\s?java|#_memberaccess|memberaccess|#context|\bognl\b|@java|@ognl|#(?:application|session|request|parameters|attr|rt|cmd|res|req|a|p)\s?[=.\[]|_self\.|registerundefinedfiltercallback|\.getclass\s?\(|forname\s?\(|class\.module|classloader|request\.application|lipsum\b|cycler\.|joiner\.|self\._|config\.(?:items|from_)|\|\s?attr\s?\(|getfilter\s?\(|\|\s?(?:map|filter|sort|reduce)\s?\(\s?['\"]|url_for\.|get_flashed_messages|class\.inspect|smarty_internal|\{(?:system|passthru|exec|include|fetch)\s?\(|\{\{\s?(?:config|self|request|settings|app|dump|debug|this|constructor)\s?[}.(|\[]|\{\{#with|velocitycount|\$class\b|\{php\}|\{/?literal\}|smarty\.|\$smarty|_tpl_vars|objectspace|global\.process|constructor\.constructor|\.getinputstream|scriptengine|exec\s?\(['\"]|new\s+java",
        sign=False,
        strength=5,
    ),
    Fact(
        "template_mark",
        TEMPLATE,
        "the marks of a template engine",
        r"\{\{[^}\x1a-\x1f]{1,300}\}?\}?|\$\{[^}\x1a-\x1f]{1,300}\}?|#\{[^}\x1a-\x1f]{1,200}\}|%\{[^}\x1a-\x1f]{2,300}|<%[^>\x1a-\x1f]{1,200}%>|\{%[^%\x1a-\x1f]{1,200}%\}|\*\{[^}\x1a-\x1f]{1,200}\}|\[\[\$\{|<#\w+|@\(\d|\(#\w",
        strength=1,
    ),
    Fact(
        "lookup",
        LOOKUP,
        "a lookup that makes a logging library fetch code",
        r"\$\{[^\x1a-\x1f]{0,60}jndi\s?:|jndi:(?:ldaps?|rmi|dns|iiop|nis|corba|nds|https?)|\$\{(?:jndi|ctx:|sys:java|env:[a-z_]|java:(?:version|os|vm)|script:|dns:|url:)|\$\{[^}\x1a-\x1f]{0,40}\$\{|\$%7bjndi",
        sign=False,
        strength=10,
    ),
    Fact(
        "nested_lookup",
        LOOKUP,
        "a lookup inside a lookup",
        r"\$\{(?:lower|upper|date|base64|::-|[a-z:]{0,12}:-)|(?:\$\{[^\x1a-\x1f]{0,30}){2,}",
        strength=5,
    ),
    Fact(
        "document_type",
        MARKUP,
        "a document type or entity that makes a parser fetch something",
        r"<!\s?(?:doctype|entity|element|attlist)\b|<\?xml\b|<xi:include|xmlns:xi|<!--\s?#\s?(?:exec|include|echo|printenv|config)|<xsl:|<soap|<!\[cdata\[|%\w{1,12};\s?[%\]]",
        strength=6,
    ),
    Fact(
        "serialised",
        MARKUP,
        "a serialised object",
        r"\bo:\d{1,3}:\"[\w\\]+\":\d+:\{|\ba:\d{1,3}:\{(?:i|s):|\bro0ab|aced0005|\brce\b|!!(?:python|javax|java)|!ruby/|\bgadget|ysoserial|\"\$type\"\s?:|\"@type\"\s?:|__proto__|constructor\[prototype\]",
        sign=False,
        strength=6,
    ),
    Fact(
        "header_line",
        HEADER,
        "a line break and a header of HTTP",
        r"\n\s?(?:set-cookie|location|content-(?:type|length|encoding|disposition)|http/1|host|x-[\w-]{2,30}|refresh|link|access-control-[\w-]{5,30}|<html|bcc|cc|to|subject|from)\s?[:/\s>]|\n\n?\s?<",
        strength=6,
    ),
    # -------------------------------------------------------------------------------------------------- scans, web shells
    Fact(
        "secret_file",
        PROBE,
        "a file that no visitor is meant to read",
        r"\x1c[^\x1a-\x1f]{0,300}/(?:\.git(?:/|ignore\b|$|\x1d|\x1a)|\.svn/|\.hg/|\.bzr/|cvs/(?:root|entries)|\.env\b[\w.-]{0,12}|\.aws/|\.ssh/|\.docker|\.kube|\.npmrc|\.htaccess|\.htpasswd|\.ds_store|\.bash|\.vscode/|\.idea/|\.config/|\.mysql_history|\.passwd|\.s3cfg|\.netrc|\.pgpass|\.terraform|wp-config\.(?:php[.~\w]|txt|bak|old|inc)|config\.(?:php|inc|asp|yml|json|ini|xml)[.~_]?(?:bak|old|save|swp|orig|txt|\d|~)|id_rsa|id_dsa|server\.key|privatekey|web-inf/|meta-inf/|credentials\b|secrets?\.(?:json|ya?ml|txt|env)|database\.(?:sql|ya?ml)|(?:dump|backup|db|site|www|mysql|users|data)\.(?:sql|tar|tgz|zip|gz|rar|7z|bak|mdb)|docker-compose\.ya?ml|dockerfile|composer\.(?:json|lock)|package-lock\.json|appsettings\.json|parameters\.yml|settings\.py|local\.xml|filezilla|sftp-config|winscp|\w+\.php(?:~|\.(?:bak|old|save|swp|orig|txt|dist|\d))|\.\w+\.swp|phpunit\.xml|error_log|debug\.log|access\.log|storage/logs|laravel\.log)",
        sign=False,
        strength=8,
    ),
    Fact(
        "inner_page",
        PROBE,
        "a page of administration or diagnosis that no link leads to",
        r"\x1c[^\x1a-\x1f]*/(?:phpinfo|server-(?:status|info)\b|actuator/(?:env|heapdump|gateway|trace|jolokia|mappings|configprops|logfile|dump|httptrace|beans)|jolokia|heapdump|manager/(?:html|text|status|jmxproxy)|host-manager|jmx-console|web-console|invoker/|solr/admin|solr/\w+/(?:config|dataimport|debug)|_cat/|_nodes|_cluster/|druid/index|nacos/|v1/agent/|api/v1/pods|debug/(?:pprof|vars|default)|trace\.axd|elmah\.axd|telescope/|_profiler|_ignition|hnap1|boaform|gponform|evox/about|nmaplowercheck|currentsetting|goform/|portal/redlion|tmui/|mgmt/tm|wp-admin/(?:install|setup-config)\.php|wls-wsat|mifs/|\+cscoe\+|dana-na|pma(?:\d|/)|mysqladmin|sqlmanager|dbadmin|phpmyadmin[-_]?\d|mysql-?admin|webtools/control|phpunit)",
        sign=False,
        strength=6,
    ),
    Fact(
        "admin_page",
        PROBE,
        "a page of administration or diagnosis that scanners ask for",
        r"\x1c[^\x1a-\x1f]{0,300}/(?:phpmyadmin|pma\b|phppgadmin|mysqladmin|myadmin|dbadmin|sqlmanager|adminer|phpinfo|info\.php|test\.php|i\.php|pi\.php|server-(?:status|info)|actuator(?:/|\b)|jolokia|heapdump|manager/(?:html|text|status)|host-manager|jmx-console|web-console|invoker/|solr/(?:admin|\w+/select)|_cat/|_nodes|_cluster|_search\?|druid/index|nacos/|v1/(?:agent|kv|catalog)|api/v1/pods|debug/(?:pprof|vars|default)|trace\.axd|elmah\.axd|telescope|_profiler|_ignition|owa/auth|ecp/|autodiscover|remote/(?:login|fgt_lang)|dana-na|vpn(?:s)?/\.\.|\+cscoe\+|geoserver|hnap1|boaform|evox/about|nmaplowercheck|setup\.cgi|goform/|currentsetting|portal/redlion|tmui/|mgmt/tm|xmlrpc\.php|wp-(?:content/(?:plugins|themes)/[\w-]+/[^\x1a-\x1f]{0,80}\.php|json/wp/v2/users|admin/(?:install|setup-config))|license\.txt|readme\.(?:html|txt)|changelog\.txt|install(?:ation)?\.php|administrator/|\.well-known/security|crossdomain\.xml|clientaccesspolicy|phpmyadmin\d|sqlite|status\?full|nginx_status|fpm-status)",
        sign=False,
        strength=2,
    ),
    Fact(
        "known_hole",
        PROBE,
        "a page known for a published hole",
        r"vendor/phpunit|eval-stdin\.php|/boaform/|gponform|/hnap1|think\\app|invokefunction|/solr/[\w-]+/(?:config|dataimport)|/struts|\.action\?[^\x1a-\x1f]{0,30}(?:redirect|action|method):|\?(?:redirect|action|method):\$|class\.module|/_ignition/execute|/wls-wsat|/_async/|/console/(?:css|images)/|/autodiscover/autodiscover\.json|/owa/auth/x\.js|/ecp/[\w.]+\.js|powershell-urlrewrite|/tmui/login\.jsp/|/dana-na/\.\./|/vpn/\.\./|/remote/fgt_lang|lang=/\.\./|/cgi-bin/[^\x1a-\x1f]{0,80}(?:\.\.|/bin/|;|\x01)|/shell\?|/setup\.cgi\?[^\x1a-\x1f]{0,80}cmd|syscmd|/goform/[\w/]+\?[^\x1a-\x1f]{0,80}[;|`$]|/tmunblock|/ui/login\.action|/wp-file-manager|revslider|timthumb|/fckeditor|/ckfinder|/kcfinder|/xmlrpc\.php\?rsd|wp-admin/admin-ajax\.php\?action=\w*(?:download|show_image)|/jenkins/descriptorbyname|checkscript|securityrealm|/druid/indexer|/nacos/v1/auth|/api/v4/.{0,40}ci/lint|/geoserver/wfs|/functionrouter|/webtools/control|/mifs/|/suite-api|/analytics/telemetry|/rest/tinymce|createpage|/pages/doenterpagevariables|/ws/v1/cluster|/rpc/\?|/api/json/session",
        sign=False,
        strength=6,
    ),
    Fact(
        "scan_tool",
        PROBE,
        "a client that names itself as an attack or scan tool",
        r"\x1d[^\x1a-\x1c\x1e\x1f]{0,300}(?:sqlmap|nikto|nmap|masscan|zgrab|nuclei|wpscan|dirbuster|gobuster|ffuf|feroxbuster|fuzz faster|acunetix|netsparker|invicti|nessus|openvas|w3af|havij|arachni|whatweb|wfuzz|hydra|jorgee|morfeus|muieblackcat|zmeu|dirb\b|burp|qualys|commix|xsser|dalfox|joomscan|skipfish|grendel|webinspect|appscan|vega/|paros|owasp|zap/|brutus|bsqlbf|pangolin|sqlninja|fimap|dotdotpwn|patator|httprint|gvfs|l9explore|l9tcpid|leakix|expanse|censys|shodan|internet-?measurement|project-?discovery|hello,? world|hello-world|xenu|python-nmap|metasploit|mozi\b|mirai|gitscanner|libredtail|keydrop|cyberscan|detectify|intruder|tsunami|jaeles|kiterunner|crackmapexec|absinthe|bbqsql|webshag|wapiti|sqlsus|blackwidow)|\x1d(?:x|xx+|test|scan|hack\w*|exploit\w*|poc|r00t|0day)$",
        sign=False,
        strength=8,
    ),
    Fact(
        "known_shell",
        SHELL,
        "a file with the name of a known web shell",
        r"/[\w-]*(?:c99|c100|r57|wso\d|b374k|webshell|web_shell|cmdshell|phpshell|aspxspy|antsword|weevely|godzilla|behinder|chopper|indoxploit|minishell|leafmailer|adminshell|jspspy|tiny-?shell|backdoor|gel4y|marijuana|wp-shell|sh3ll|0byt3|fx29|laudanum|reverse-?shell)[\w.-]*\.(?:php\d?|phtml|phar|jspx?|aspx?|ashx|cfm|cgi|pl)\b",
        sign=False,
        strength=8,
    ),
    Fact(
        "shell_name",
        SHELL,
        "a file named like a known web shell",
        r"/(?:[\w-]{0,12}(?:c99|c100|r57|wso\d?|b374k|alfa\w{0,6}|webshell|web_shell|cmdshell|phpshell|aspxspy|antsword|weevely|godzilla|behinder|chopper|indoxploit|mini\w{0,4}shell|leafmailer|adminshell|jspspy|tiny-?shell|simple-?backdoor|php-?backdoor|backdoor|lulz|gel4y|marijuana|wp-shell|sh3ll|shellx|0byt3|mar1juana|evil|hack\w{0,5}|pwn\w{0,4}|fx29|kacak|laudanum|jsp-?reverse|reverse-?shell)[\w.-]{0,12}|shell\d{0,3}|cmd\d{0,3}|sh|x|xx|xxx|up\d?|upl|uploader|1|2|a|aa|ee|lol|rce|exec|exploit|poc|wp-conflg|radio|about\d|wp-22|ws\d{1,3}|zz|gg|ss|ok|moon|simple|chosen|lock360|fm\d?|inputs|mass|doc|goods)\.(?:php\d?|phtml|phar|jspx?|aspx?|ashx|cfm|cgi|pl|py|do)\b",
        sign=False,
        strength=3,
    ),
    Fact(
        "uploaded_script",
        SHELL,
        "a program in a folder for uploads or images",
        r"\x1c[^\x1a-\x1f]{0,300}/(?:uploads?|uploaded|userfiles|files|images?|img|media|avatars?|attachments?|tmp|temp|cache|pics|photos?|fonts|css|js|assets|\.well-known|wp-content/uploads|wp-includes/\w+|plugins/\w+/tmp|aspnet_client|owa/auth|webdav|fileupload|docs?|static|data|backup|logs?)/(?:[^\x1a-\x1f]{0,100}/)?[\w.%-]{1,60}\.(?:php\d?|phtml|phar|pht|jspx?|aspx?|asa|asmx|ashx|cfm|cgi|pl|sh)\b",
        sign=False,
        strength=5,
    ),
    Fact(
        "command_field",
        SHELL,
        "a parameter made to take commands, with one in it",
        rf"\x1e(?:cmd|command|exec|execute|c|run|shell|sh|system|x|z[0-2]|e|code|pass|bash|ps|daemon|a|0|1|key|payload|cmdexec|command1|q|do|test|func?|p)\x1f\s?(?:/?(?:usr/)?(?:s?bin/)?"
        rf"(?:cat|ls|dir|whoami|uname|wget|curl|ping|nslookup|netstat|net|type|ps|cmd|cmd\.exe|powershell|bash|sh|cd|echo|nc|python\d?|perl|rm|cp|mv|chmod|find|copy|del|reg|tftp|kill|sleep|arp|route|touch|certutil)\s+(?:[-/][\w/?]|[\w.:~$%]*[/\\.:=]|\d|user\b|view\b|group|localgroup|[a-z]{{1,12}}{_END})"
        rf"|(?:whoami|uname|ifconfig|ipconfig|netstat|systeminfo|tasklist|whoami\.exe|quser|nltest)(?:\s-\w|\s/\w|{_END})|[c-z]:\\|(?:system|exec|eval|passthru|shell_exec|assert|print_r|scandir|phpinfo)\s?\()"
        rf"|\x1e(?:cmd|command|exec|execute|shell|sh|run|cmdexec|bash)\x1f\s?(?:id|ls|dir|pwd|ps|env|ver|hostname|w|who|net|set|cat|phpinfo){_END}",
        sign=False,
        strength=6,
    ),
)
"""In this order they are the slots of the model's block ``facts``, and the bits of the column ``facts``."""

KINDS = tuple(dict.fromkeys(f.kind for f in FACTS))
OTHER = "attack"


def _ascii(pattern: str) -> str:
    r"""Return the pattern for ASCII text, for a linear matcher.

    ``\w`` and the like without Unicode (whose tables make the matcher large and slow), and long counted repetitions uncounted.
    """
    out, inside, at = [], False, 0
    while at < len(pattern):
        two = pattern[at : at + 2]
        if two in _CLASSES:
            out.append(_CLASSES[two][0] if inside else _CLASSES[two][1])
            at += 2
        elif two[0] == "\\":
            out.append(two)
            at += 2
        else:
            inside = two[0] == "[" or (inside and two[0] != "]")
            out.append(two[0])
            at += 1
    return re.sub(r"\{(\d+),(\d\d+)\}", _uncounted, "".join(out))


_CLASSES = {
    r"\w": ("0-9a-z_", "[0-9a-z_]"),
    r"\d": ("0-9", "[0-9]"),
    r"\s": (r" \n", r"[ \n]"),
    r"\b": (r"\b", r"(?-u:\b)"),
}
"""Of lower-case decoded text: inside brackets, and outside."""
_COUNTED = 14


def _uncounted(match: re.Match[str]) -> str:
    least, most = int(match[1]), int(match[2])
    if most < _COUNTED:
        return match[0]
    return {0: "*", 1: "+"}.get(least, f"{{{least},}}")


def facts_of(texts: pl.Series) -> pl.Series:
    """Return (n,) UInt64: bit k is set where the k-th of ``FACTS`` holds of the text (as ``web_decode`` leaves it)."""
    t = pl.col("text")
    frame = texts.alias("text").to_frame().with_row_index("_row")
    signed = frame.filter(t.str.contains(SIGNS))
    bits = [
        part.select("_row", pl.sum_horizontal(_bit(i, f) for i, f in enumerate(FACTS) if f.sign is sign).alias("bits"))
        for part, sign in ((frame, False), (signed, True))
    ]
    joined = bits[0].join(bits[1], on="_row", how="left", maintain_order="left")
    return joined.select(facts=pl.col("bits") | pl.col("bits_right").fill_null(0)).to_series()


def agent_facts(agent: pl.Expr) -> pl.Expr:
    """Return the bits of the facts of clients that name themselves; ``agent`` is in lower case, behind its mark."""
    place = next(i for i, fact in enumerate(FACTS) if fact.name == "scan_tool")
    hit = agent.str.contains(_ascii(FACTS[place].pattern))
    return pl.when(hit).then(pl.lit(1 << place, pl.UInt64)).otherwise(pl.lit(0, pl.UInt64))


def _bit(place: int, fact: Fact) -> pl.Expr:
    return (
        pl.when(pl.col("text").str.contains(_ascii(fact.pattern)))
        .then(pl.lit(1 << place, pl.UInt64))
        .otherwise(pl.lit(0, pl.UInt64))
    )


def kind_of(facts: pl.Expr) -> pl.Expr:
    """Return the kind of attack that the facts speak of most; of two alike, the one named first in ``PRECEDENCE``; ``OTHER`` where none."""
    strength = {k: pl.sum_horizontal(_strength(facts, i, f) for i, f in enumerate(FACTS) if f.kind == k) for k in KINDS}
    most = pl.max_horizontal(strength.values())
    named = pl.lit(OTHER)
    for kind in reversed(PRECEDENCE):
        named = pl.when((strength[kind] == most) & (most > 0)).then(pl.lit(kind)).otherwise(named)
    return named


def _strength(facts: pl.Expr, place: int, fact: Fact) -> pl.Expr:
    return ((facts & (1 << place)) != 0).cast(pl.Int32) * fact.strength


PRECEDENCE = (LOOKUP, SHELL, TEMPLATE, MARKUP, COMMAND, SQL, SCRIPT, FILES, HEADER, PROBE)
