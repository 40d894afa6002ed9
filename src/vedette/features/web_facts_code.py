"""Facts of code that a browser, a shell, a template engine, a logging library or a parser would run."""

# ruff: noqa: E501 - a pattern is read as a whole

from __future__ import annotations

from vedette.features.web_fact import COMMAND, END, HEADER, LOOKUP, MARKUP, SCRIPT, TEMPLATE, WITHIN, Fact

_COMMANDS = (
    "cat|ls|dir|id|whoami|uname|wget|curl|nc|ncat|netcat|bash|sh|zsh|ksh|ping|nslookup|dig|sleep|timeout|echo|printf|python[23]?|perl|php|ruby|lua"
    "|rm|chmod|chown|tftp|ftpget|busybox|ifconfig|ipconfig|netstat|type|net|cmd|cmd\\.exe|powershell|pwsh|certutil|bitsadmin"
    "|env|printenv|ps|pwd|tail|nl|tac|grep|awk|sed|touch|kill|mkfifo|telnet|systeminfo|tasklist|hostname|mshta|rundll32"
    "|reg|wmic|sudo|su|cd|eval|exec|uptime|df|arp|xxd|base64|od"
)

SCRIPT_FACTS: tuple[Fact, ...] = (
    Fact(
        "script_tag",
        SCRIPT,
        "a script element",
        r"</\s?(?:\w{1,12}:)?s\s?c\s?r\s?i\s?p\s?t\b|<\s?(?:\w{1,12}:)?s\s?c\s?r\s?i\s?p\s?t(?:\s?>(?:[^ ]|$)|[\s/+\x01]+[\w:-]{1,30}\s?=|[/\x01\n+])",
        strength=5,
    ),
    Fact(
        "active_tag",
        SCRIPT,
        "an element that loads or runs something",
        r"<\s?/?(?:iframe|frameset|frame|object|embed|applet|svg|math|body|meta|base|link|style|form|input|textarea|button|isindex|keygen|marquee|bgsound|layer|ilayer|video|audio|source|details|select|template|noscript|xml|img|image|html|head|title|animate\w*|set|portal|dialog|xss|x|template|plaintext|xmp|listing|comment)(?:[\s/+>\"'<\x01-\x1f]|$)",
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
        r"[\s/+\"'<>\x1f\x01,;`](?:on(?:error|load|click|focus|blur|mouse\w{2,10}|key\w{2,6}|submit|toggle|begin|end|start|finish|bounce|pointer\w{2,12}|animation\w{3,12}|transition\w{3,8}|auxclick|copy|cut|paste|wheel|scroll\w{0,4}|resize|change|input|select\w{0,8}|reset|drag\w{0,6}|drop|pageshow|hashchange|message|popstate|unload|beforeunload|canplay\w{0,8}|play\w{0,4}|loadstart|loadeddata|loadedmetadata|readystatechange|dblclick|contextmenu|abort|activate|invalid|search|show|seeked|timeupdate|webkit\w{5,30}|touch\w{3,6}|orientationchange|filterchange|propertychange|zoom|help|cellchange|storage|online|offline|repeat))\s?=|<[a-z!][^<>\x1a-\x1f]*[\s/\"'\x01]on[a-z]{3,20}\s?=",
        strength=5,
    ),
    Fact(
        "script_address",
        SCRIPT,
        "an address that is a program",
        r"j\s?a\s?v\s?a\s?s\s?c\s?r\s?i\s?p\s?t\s?:[^ ]|(?:vb|live)script\s?:|data\s?:\s?(?:text/html|image/svg|application/x?html|[^,\x1a-\x1f]{0,40};base64,)|feed:javascript|srcdoc\s?=|xlink:href\s?=",
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
        r"\x1f[^<\x1a-\x1f]*(?:['\"`]\s?/?>|\s(?:autofocus|style|src|href|accesskey|tabindex)\s?=\s?['\"]?[\w:/({-])|['\"`]\s?\+?-?(?:alert|confirm|prompt|eval)|--\s?!?>|</(?:script|title|textarea|style|noscript|xmp)\b|\]\]>|['\"];\s?[\w.\[(]{2,40}[(\[`]|['\"`]\s?[-+*/^%&|,]\s?[\w.\[(]{2,30}[(\[`]",
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
)

COMMAND_FACTS: tuple[Fact, ...] = (
    Fact(
        "joined_command",
        COMMAND,
        "a command of the system joined on with a shell's separator",
        rf"(?:[;|&`\n]|\$\(|<\(|>\()\s?['\"(\{{]?(?:/?(?:usr/)?(?:local/)?s?bin/)?(?:{_COMMANDS})['\"]?(?:[\s;|&#`)<>'\"\x1a-\x1f$/+,}}{{\x01-]|$)",
        strength=4,
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
        rf"(?:wget|curl|tftp|fetch|ftpget|busybox\s+wget|lwp-download|certutil|bitsadmin|iwr|invoke-webrequest)[\s+]{WITHIN}{{0,120}}(?:https?:|ftp:|\d+\.\d+\.\d+\.\d+|-o\b|-g\b)|chmod[\s+]+(?:[0-7]{{3,4}}|[+a-z]{{1,3}}x)[\s+]+(?:[/.*$]|\w+[./])|rm[\s+]+-rf?[\s+]+[/.*~$]|/tmp/[\w.]+|downloadstring|nc\s+-[elnv]+|mkfifo|\|\s?(?:ba)?sh\b",
        sign=False,
        strength=6,
    ),
    Fact(
        "joined_separator",
        COMMAND,
        "a shell's separator at the edge of a value",
        rf"\x1f[\w.@ -]{{0,40}}(?:;|\|\|?|&&|&|\n|`|\$\()\s?[a-z/]{WITHIN}{{0,80}}(?:{END}|[;|&#])|(?:;|\|)\s?{END}",
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
)

TEMPLATE_FACTS: tuple[Fact, ...] = (
    Fact(
        "template_sum",
        TEMPLATE,
        "a sum for a template engine to work out",
        r"(?:\{\{|\$\{|#\{|<%=|\*\{|@\{|@\(|\{%\s?(?:if|print|set)?|\[\[|~\{|\{|%\{)\s?[('\"(]{0,3}\d{1,6}['\")]{0,3}\s?(?:[*+/-]|==)\s?['\"(]{0,3}\d{1,6}['\")]{0,3}\s?(?:\}|%>|%\}|\)|\]\])|#set\s?\(",
        strength=6,
    ),
    Fact(
        "template_object",
        TEMPLATE,
        "objects that lead from a template to the system",
        r"__(?:class|mro|subclasses|globals|builtins|import|base|bases|getitem|self|code|reduce)__|__init__\s?[.\[]|getruntime\s?\(|processbuilder|java\.(?:lang|io|util|net)|javax\.script|freemarker\.template|\bt\s?\(\s?java|#_memberaccess|memberaccess|#context|\bognl\b|@java|@ognl|#(?:application|session|request|parameters|attr|rt|cmd|res|req|a|p)\s?[=.\[]|_self\.|registerundefinedfiltercallback|\.getclass\s?\(|forname\s?\(|class\.module|classloader|request\.application|lipsum\b|cycler\.|joiner\.|self\._|config\.(?:items|from_)|\|\s?attr\s?\(|getfilter\s?\(|\|\s?(?:map|filter|sort|reduce)\s?\(\s?['\"]|url_for\.|get_flashed_messages|class\.inspect|smarty_internal|\{(?:system|passthru|exec|include|fetch)\s?\(|\{\{\s?(?:config|self|request|settings|app|dump|debug|this|constructor)\s?[}.(|\[]|\{\{#with|velocitycount|\$class\b|\{php\}|\{/?literal\}|smarty\.|\$smarty|_tpl_vars|objectspace|global\.process|constructor\.constructor|\.getinputstream|scriptengine|exec\s?\(['\"]|new\s+java",
        sign=False,
        strength=6,
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
        r"<!\s?(?:doctype|entity|element|attlist)\b|<\?xml\b|<xi:include|xmlns:xi|<!--\s?#\s?(?:exec|include|echo|printenv|config|set|fsize|flastmod|if|elif|comment)\b|</?esi:\w|<xsl:|<soap|<!\[cdata\[|%\w{1,12};\s?[%\]]",
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
        r"\n\s?(?:set-cookie|location|content-(?:type|length|encoding|disposition)|host|x-[\w-]{1,30}|refresh|link|access-control-[\w-]{5,30}|bcc|cc|to|subject|from)\s?:|\n\s?(?:http/1|<html)|\n\n\s?<",
        strength=8,
    ),
)
