"""Facts of files and pages that no visitor is meant to ask for: traversal, scans, web shells."""

# ruff: noqa: E501 - a pattern is read as a whole

from __future__ import annotations

from vedette.features.web_fact import END, FILES, PROBE, SHELL, WITHIN, Fact

FILE_FACTS: tuple[Fact, ...] = (
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
        r"(?:\.{2,}[;\x01]?(?:[/\\]|0x[25][cf]|%+[25][cf]|\xe2\x88\x95)[/\\.]{0,8}){2,}|(?:[/\\]\.{2,}){2,}|(?:\.{4}[/\\]{2}){1,}|(?:[/\\]\.[/\\]\.?){3,}|(?:\.\./\\){1,}|0x2e0x2e|\.{6}|[/\\][./\\]{4,}",
        strength=5,
    ),
    Fact(
        "unix_file",
        FILES,
        "a file of Unix systems that attackers read",
        r"(?:^|[/\\=\x1a-\x1f.])(?:etc[/\\]+(?:passwd|shadow|group|hosts|issue|profile|motd|fstab|crontab|sudoers|ssh|apache2?|nginx|httpd|my\.cnf|mysql|php|resolv|os-release|\w+\.conf)|proc[/\\]+(?:self|version|cpuinfo|cmdline|mounts|net|\d+)|var[/\\]+(?:log|lib/mysql|www|run/secrets|spool|mail)\b|root[/\\]+\.|home[/\\]+[\w.-]+[/\\]+\.|usr[/\\]+local[/\\]+(?:apache|etc|app|lib/php)|dev[/\\]+(?:tcp|null|random|fd))|\.(?:bash_history|ssh/(?:id_|auth)|htpasswd|passwd)|etcpasswd|web-inf[/\\.]?",
        sign=False,
        strength=4,
    ),
    Fact(
        "windows_file",
        FILES,
        "a file of Windows systems that attackers read",
        r"boot\.ini|win(?:dows|nt)?[/\\]+(?:win\.ini|system32|system\.ini|repair|php\.ini|panther|debug|my\.ini)|win\.ini|drivers[/\\]+etc|inetpub|[/\\]web\.config|config[/\\]+sam\b|system32|sysprep\.(?:inf|xml)|autoexec\.bat",
        sign=False,
        strength=3,
    ),
    Fact(
        "stream_wrapper",
        FILES,
        "an address that reads local files or runs code",
        r"(?:php|phar|zip|expect|gopher|dict|ogg|rar|ssh2|glob|netdoc|ldap|compress\.zlib|compress\.bzip2|jar|file|tftp|sftp)://?[\w./(\\]|jar:(?:https?|file):|convert\.base64|php://(?:filter|input)|data:(?:text/plain|;base64|//)",
        sign=False,
        strength=4,
    ),
    Fact(
        "windows_path",
        FILES,
        "a path of Windows, or a share of another machine",
        r"(?:^|[\x1f=/])[c-e]:[/\\]|\\\\[\w.-]+\\",
        strength=1,
    ),
    Fact(
        "remote_cut",
        FILES,
        "a page of another server to include, with a question mark that cuts the rest off",
        rf"\x1f\s?(?:https?|ftps?|smb)?:?//{WITHIN}{{3,200}}\?+(?:\x01|{END})",
        sign=False,
        strength=4,
    ),
    Fact(
        "remote_page",
        FILES,
        "a value that is a page or script of another server to include",
        rf"\x1f\s?(?:https?|ftps?|smb)?:?//{WITHIN}{{3,200}}(?:\.(?:txt|inc|dat)\?*(?:\x01|{END})|(?:shell|r57|c99|evil|attacker|id\.txt|cmd\.|rfi\b))",
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
)

PROBE_FACTS: tuple[Fact, ...] = (
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
        rf"(?:cat|ls|dir|whoami|uname|wget|curl|ping|nslookup|netstat|net|type|ps|cmd|cmd\.exe|powershell|bash|sh|cd|echo|nc|python\d?|perl|rm|cp|mv|chmod|find|copy|del|reg|tftp|kill|sleep|arp|route|touch|certutil)\s+(?:[-/][\w/?]|[\w.:~$%]*[/\\.:=]|\d|user\b|view\b|group|localgroup)"
        rf"|(?:whoami|uname|ifconfig|ipconfig|netstat|systeminfo|tasklist|whoami\.exe|quser|nltest)(?:\s-\w|\s/\w|{END})|[c-z]:\\|(?:system|exec|eval|passthru|shell_exec|assert|print_r|scandir|phpinfo)\s?\()"
        rf"|\x1e(?:cmd|command|exec|execute|shell|sh|run|cmdexec|bash)\x1f\s?(?:id|ls|dir|pwd|ps|env|ver|hostname|w|who|net|set|cat|phpinfo|(?:cat|echo|type|net|cd|rm|ping|nslookup|kill|find)\s+\w{{1,20}}){END}",
        sign=False,
        strength=6,
    ),
)
